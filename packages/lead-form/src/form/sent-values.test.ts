import type { QueueEntryView } from '@landfall/contract'
import { describe, expect, test } from 'vitest'
import { refusedValues, sentValues } from './sent-values.ts'

const entry = (opId: string, action: QueueEntryView['action'], state: QueueEntryView['state'] = 'queued') =>
  ({ opId, entity: 'lead', entityId: 'lead-1', action, state }) as QueueEntryView

const payloads: Record<string, Record<string, unknown>> = {
  a: { formId: 'f_1', values: { name: 'Ada', message: 'A leak.', privacy: true } },
  b: { values: { message: 'Two leaks.' } },
  c: { values: { name: '' } },
}
const outbox = { payloadOf: async (opId: string) => payloads[opId] ?? null }

describe('what a lead says', () => {
  test('is the lead with its changes on top, in the order in which they were made', async () => {
    const entries = [entry('a', 'insert'), entry('b', 'update'), entry('c', 'update', 'dead')]
    expect(await sentValues(outbox, entries, 'lead-1')).toEqual({ name: 'Ada', message: 'Two leaks.', privacy: true })
  })

  test('is not known of one that was delivered, nor of one that is not here', async () => {
    const entries = [entry('gone', 'insert', 'delivered'), entry('b', 'update')]
    expect(await sentValues(outbox, entries, 'lead-1')).toBeNull()
    expect(await sentValues(outbox, [entry('b', 'update')], 'lead-1')).toBeNull()
    expect(await sentValues(outbox, [], 'lead-1')).toBeNull()
  })

  test('what a refused change wanted comes back, and nothing of a letter that cannot be read', async () => {
    expect(await refusedValues(outbox, 'b')).toEqual({ message: 'Two leaks.' })
    expect(await refusedValues(outbox, 'gone')).toEqual({})
  })
})
