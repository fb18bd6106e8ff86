/** The server has as much to do as it can bear; the same request may succeed later. Answered with 503. */
export class OverloadError extends Error {
  override name = 'OverloadError'
  readonly retryAfterS: number

  constructor(message: string, retryAfterS: number) {
    super(message)
    this.retryAfterS = retryAfterS
  }
}
