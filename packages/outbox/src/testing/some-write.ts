import { uuidv7 } from 'uuidv7'
import type { NewEntry } from '../entry/entry.ts'

/** A visitor's lead, as a form queues it. */
export function someWrite(name = 'Ada'): NewEntry {
  return {
    entity: 'lead',
    action: 'insert',
    entityId: uuidv7(),
    label: 'Ask us',
    payload: { values: { name } },
  }
}
