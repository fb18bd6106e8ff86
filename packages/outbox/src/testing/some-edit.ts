import { uuidv7 } from 'uuidv7'
import type { OperationWrite } from '../entry/operation-write.ts'

/** A member's edit of a row, as a local database puts it into the queue. */
export function someEdit(given: Partial<OperationWrite> = {}): OperationWrite {
  const payload = given.payload ?? { status: 'won' }
  return {
    opId: uuidv7(),
    entity: 'lead',
    action: 'update',
    entityId: uuidv7(),
    baseVersion: 3,
    capturedAt: '2026-01-01T00:00:00.000Z',
    label: 'lead update',
    changes: payload,
    ...given,
    payload,
  }
}
