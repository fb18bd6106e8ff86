import { PGlite } from '@electric-sql/pglite'

/**
 * 128 MB of buffers are for servers. The sizes of the WAL are limits to what a checkpoint leaves behind: each segment is a
 * record in IndexedDB and is read at every opening.
 */
const SETTINGS = ['shared_buffers=16MB', 'min_wal_size=2MB', 'max_wal_size=8MB']

export const START_PARAMS = [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])]
