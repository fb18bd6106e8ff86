import type { FieldProblems, RejectionReason } from '@landfall/contract'

/** The database was opened without an outbox, so nothing written in it could ever be sent. */
export class NoQueueError extends Error {
  override name = 'NoQueueError'
  constructor() {
    super('This database was opened without a queue and can only be read. Give openLocalDb the outbox as `queue`.')
  }
}

/** Nothing was written: the worker ended each time before the transaction was committed. */
export class NotWrittenError extends Error {
  override name = 'NotWrittenError'
  constructor(attempts: number, options?: ErrorOptions) {
    super(`Nothing was written: the database's worker ended in each of ${attempts} attempts. Try again.`, options)
  }
}

/** Nothing was written: the transaction kept all other tabs waiting for too long. */
export class TransactionTimeoutError extends Error {
  override name = 'TransactionTimeoutError'
  constructor(limitMs: number) {
    super(
      `The transaction was not done after ${limitMs} ms and was rolled back: no other tab can read or write meanwhile. ` +
        'Await nothing in it but its own statements.',
    )
  }
}

/** The outbox could not store it; what was written is taken back. */
export class NotSavedError extends Error {
  override name = 'NotSavedError'
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The device could not keep the write, and it was taken back: ${reason}`, { cause })
  }
}

/** A confirmed write was asked for without a network; nothing was written. */
export class OfflineError extends Error {
  override name = 'OfflineError'
  constructor() {
    super(
      'There is no network, so the server can’t confirm the write, and nothing was written. ' +
        "Pass { whenOffline: 'wait' } to wait for it, or { mode: 'optimistic' } to have it sent later.",
    )
  }
}

/** The server refused it. Of a confirmed write everything is as before; of an optimistic one a dead letter stands. */
export class WriteRejectedError extends Error {
  override name = 'WriteRejectedError'
  readonly opId: string
  readonly reason: RejectionReason
  /** What was wrong with which field. */
  readonly fields: FieldProblems
  constructor(opId: string, reason: RejectionReason, fields: FieldProblems) {
    super(`The server refused the write: ${reason}.`)
    this.opId = opId
    this.reason = reason
    this.fields = fields
  }
}

/** A confirmed write was not answered in time, or its caller gave it up. */
export class NotConfirmedError extends Error {
  override name = 'NotConfirmedError'
  /**
   * Whether it may still reach the server: a request carried it already. The view shows it until the answer comes. When
   * false, it was taken back and everything is as before.
   */
  readonly isOnItsWay: boolean
  constructor(isOnItsWay: boolean, cause: unknown) {
    super(
      isOnItsWay
        ? 'The server has not confirmed the write yet. It is on its way and may still be applied.'
        : 'The server has not confirmed the write, and it was taken back.',
      { cause },
    )
    this.isOnItsWay = isOnItsWay
  }
}

/** It will not be confirmed: a later write cancelled it before it was sent, or a person discarded it. */
export class WriteTakenBackError extends Error {
  override name = 'WriteTakenBackError'
  readonly opId: string
  constructor(opId: string) {
    super('The write was taken back on this device before the server applied it.')
    this.opId = opId
  }
}

/** The shape has not brought the transaction in time. */
export class SyncTimeoutError extends Error {
  override name = 'SyncTimeoutError'
  constructor(shape: string, txid: bigint, timeoutMs: number) {
    super(`The shape ${shape} has not brought transaction ${txid} within ${timeoutMs} ms.`)
  }
}
