import { isLocked, isTransient } from '../database.ts'
import type { Log } from '../log.ts'
import { OverloadError } from '../overload-error.ts'
import type { ReplicationStatus } from '../replication/replication-supervisor.ts'
import { InvalidRequestError } from '../shapes/definition-errors.ts'
import { ReplicationAwayError } from '../shapes/shape-service.ts'
import { type Answer, internalError, invalidRequest, unavailable } from './answer.ts'

const DATABASE_AWAY = unavailable('The database is not reachable', 1)
const TABLE_LOCKED = new OverloadError('A table is locked', 5)

/** Every error as an answer; those that nobody expected are logged. */
export function errorAnswer(error: unknown, context: { status(): ReplicationStatus; log: Log }): Answer {
  if (error instanceof InvalidRequestError) return invalidRequest(error.errors)
  if (error instanceof OverloadError) return overloaded(error)
  if (isLocked(error)) return overloaded(TABLE_LOCKED)
  if (error instanceof ReplicationAwayError) return DATABASE_AWAY
  context.log({ level: 'error', message: 'shape request failed', error: String(error) })
  return isTransient(error) || context.status() !== 'streaming' ? DATABASE_AWAY : internalError
}

/** The header tells clients that this is no fault, so that they come again without a complaint. */
function overloaded(error: OverloadError): Answer {
  const { headers } = unavailable(error.message, error.retryAfterS)
  return {
    status: 503,
    headers: { ...headers, 'electric-internal-known-error': 'true' },
    body: JSON.stringify({ code: 'overloaded', message: error.message }),
  }
}
