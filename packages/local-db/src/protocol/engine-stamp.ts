/**
 * File in the data directory that names the engine it belongs to: PGlite's version and Postgres' major. It is read before
 * the database is opened, since a Postgres of another build may hang on foreign files instead of refusing them. The schema
 * is not named here: a database goes through migrations.
 */
export const ENGINE_STAMP_FILE = 'landfall-engine'
