/** The database is not set up for replication. The message says what to change, and it takes a person to do so. */
export class DatabaseSetupError extends Error {
  override name = 'DatabaseSetupError'
}
