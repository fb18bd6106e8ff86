import type { Entry, NewEntry } from './entry.ts'

/** One write as it was given to the queue, with its id. */
export interface OperationWrite extends NewEntry {
  opId: string
  capturedAt: string
}

/** What becomes of an operation that was never sent when the schema it was made for is gone. */
export type Rewrite =
  | { kind: 'unchanged' }
  | { kind: 'rewritten'; write: Pick<OperationWrite, 'entity' | 'payload' | 'changes'> }
  /** A dead letter that keeps its values. `detail` is for the log and holds no personal data. */
  | { kind: 'outdated'; detail: string }

export interface RewriteCounts {
  rewritten: number
  outdated: number
}

export function toWrite(
  entry: Entry,
  payload: Record<string, unknown>,
  changes: Record<string, unknown> | null,
): OperationWrite {
  return {
    opId: entry.opId,
    ...(entry.groupId === null ? {} : { groupId: entry.groupId }),
    entity: entry.entity,
    action: entry.action,
    entityId: entry.entityId,
    ...(entry.baseVersion === null ? {} : { baseVersion: entry.baseVersion }),
    ...(entry.formVersion === null ? {} : { formVersion: entry.formVersion }),
    capturedAt: entry.capturedAt,
    label: entry.label,
    payload,
    ...(changes === null ? {} : { changes }),
  }
}
