/**
 * File in the data directory that names the image it came from: PGlite's version and the schema's hash. It is read
 * before the database is opened, since a Postgres of another build may hang on foreign files instead of refusing them.
 */
export const IMAGE_STAMP_FILE = 'landfall-image'
