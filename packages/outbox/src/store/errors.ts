/** `newer`: a newer version of the site has changed the store, and this page must be loaded again. */
export type UnavailableReason = 'blocked' | 'quota' | 'failed' | 'newer'

/** The device cannot keep anything: nothing was saved, and the caller must say so and keep what was typed. */
export class OutboxUnavailableError extends Error {
  override name = 'OutboxUnavailableError'
  readonly reason: UnavailableReason

  constructor(reason: UnavailableReason, cause: unknown) {
    super(MESSAGES[reason], { cause })
    this.reason = reason
  }
}

const MESSAGES = {
  blocked: 'This browser does not let the page store anything; send while online instead.',
  quota: 'The storage of this device is full; free some space, then try again.',
  failed: 'The storage of this device failed; try again, or send while online instead.',
  newer: 'A newer version of this site is at work on this device; load this page again.',
} as const satisfies Record<UnavailableReason, string>

export function asUnavailable(error: unknown): OutboxUnavailableError {
  if (error instanceof OutboxUnavailableError) return error
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'QuotaExceededError') return new OutboxUnavailableError('quota', error)
  if (name === 'SecurityError' || error instanceof ReferenceError || error instanceof TypeError) {
    return new OutboxUnavailableError('blocked', error)
  }
  return new OutboxUnavailableError('failed', error)
}
