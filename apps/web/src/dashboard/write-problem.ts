import { messagesFor } from '@landfall/lead-form'
import {
  LocalQueryError,
  NotConfirmedError,
  NotSavedError,
  NotWrittenError,
  OfflineError,
  WriteRejectedError,
  WriteTakenBackError,
} from '@landfall/local-db'
import { OutboxUnavailableError } from '@landfall/outbox'

const { unkept, rejections } = messagesFor('en')

/** SQLSTATE of a change to a lead that its visitor has taken back. */
const FROZEN = 'LF003'

/** Why a write was not kept, for the person who made it; undefined for what is no person's to read. */
export function writeProblem(error: unknown): string | undefined {
  if (error instanceof NotSavedError) {
    const why = error.cause instanceof OutboxUnavailableError ? error.cause.reason : 'failed'
    return `The change could not be saved. ${unkept[why]}`
  }
  if (error instanceof OfflineError) return 'This needs a connection: the server has to agree to it first.'
  if (error instanceof WriteRejectedError) return `The server did not agree. ${rejections[error.reason]}`
  if (error instanceof NotConfirmedError) {
    return error.isOnItsWay
      ? 'The server has not answered yet. The change is on its way and may still be made.'
      : 'The server did not answer, so nothing was changed. Please try again.'
  }
  if (error instanceof WriteTakenBackError) return 'The change was taken back before it was sent.'
  if (error instanceof NotWrittenError) return 'The change could not be saved just now. Please try again.'
  if (error instanceof LocalQueryError && error.code === FROZEN) return rejections.withdrawn
  return undefined
}
