/** Ways to open a database in a browser, by the name that the report gives them. */
export const OPENING_CONTENDERS = ['landfall', 'PGlite on idb'] as const
export type OpeningContender = (typeof OPENING_CONTENDERS)[number]

/** Ways to get all rows of a shape into one. */
export const SYNC_CONTENDERS = ['bare download + one COPY', 'landfall', 'pglite-sync, csv'] as const
export type SyncContender = (typeof SYNC_CONTENDERS)[number]

/** Ways to write one row that is on disk afterwards. */
export const WRITE_CONTENDERS = ['put into the outbox alone', 'landfall', 'PGlite on idb'] as const
export type WriteContender = (typeof WRITE_CONTENDERS)[number]

/** Databases that hold leads and tell a live query of what changes. */
export const LIVE_CONTENDERS = ['landfall', 'PGlite on idb'] as const
export type LiveContender = (typeof LIVE_CONTENDERS)[number]
