/** The database could not be opened. The form and the outbox work without it. */
export class LocalDbOpenError extends Error {
  override name = 'LocalDbOpenError'
  constructor(reason: string, options?: ErrorOptions) {
    super(`The local database could not be opened: ${reason}`, options)
  }
}

/** The database is still there. */
export class LocalDbWipeError extends Error {
  override name = 'LocalDbWipeError'
  constructor(reason: string) {
    super(`The local database could not be deleted: ${reason}. Close the site's other tabs and try again.`)
  }
}
