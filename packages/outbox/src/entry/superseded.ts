import { isRecord } from './read-entry.ts'

/**
 * An operation that left the queue otherwise than by delivery, or was dealt with before it got there, and what took its
 * place; null: nothing did. Without it, a reader that had not heard would put the operation in once more.
 */
export interface SupersededOperation {
  opId: string
  by: string | null
}

/** As it lies in `meta`, under the key of the operation. */
export interface SupersededRecord {
  by: string | null
  /** Device clock, in milliseconds since 1970. */
  atMs: number
}

const PREFIX = 'superseded:'

export const supersededKey = (opId: string) => `${PREFIX}${opId}`
/** Keys of all of them; `;` is the sign after `:`. */
export const supersededKeys = () => IDBKeyRange.bound(PREFIX, 'superseded;', false, true)

/** What is stored under an operation's key; a damaged record still says that the operation is gone. */
export function readSuperseded(opId: string, stored: unknown): SupersededOperation[] {
  if (stored === undefined) return []
  return [{ opId, by: isRecord(stored) && typeof stored.by === 'string' ? stored.by : null }]
}
