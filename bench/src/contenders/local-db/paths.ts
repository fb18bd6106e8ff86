/** Where the site of the bench serves the built files of the local database. */
export const LANDFALL_PATH = '/assets/local-db/'

/** Where it serves PGlite as it was published; its engine is the same file. */
export const PLAIN_PGLITE_PATH = '/pglite/'

/** Where it passes a shape of leads on. */
export const LEADS_SHAPE_PATH = '/api/shapes/leads'

/** What Postgres' own COPY prints of the same rows. */
export const LEADS_COPY_PATH = '/copy/leads'
