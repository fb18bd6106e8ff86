import type { QueueEntryView } from '@landfall/contract'
import { describe, expect, test } from 'vitest'
import { enquiryOfEntries } from './enquiry-of-entries.ts'

const entry = (overrides: Partial<QueueEntryView>): QueueEntryView => ({
  opId: 'op',
  groupId: null,
  entity: 'lead',
  entityId: 'lead-1',
  action: 'insert',
  baseVersion: null,
  state: 'queued',
  label: 'Ask us',
  changes: null,
  capturedAt: '2026-01-01T10:00:00.000Z',
  attempts: 0,
  nextAttemptAt: null,
  deliveredAt: null,
  txid: null,
  version: null,
  conflict: null,
  reason: null,
  ...overrides,
})
const deliveredAt = '2026-01-01T11:00:00.000Z'

describe('an enquiry that only the outbox knows', () => {
  test.each<[string, QueueEntryView['state'], Partial<QueueEntryView>, string]>([
    ['taken back before it was sent', 'queued', { action: 'delete' }, 'withdrawing'],
    ['taken back', 'delivered', { action: 'delete', state: 'delivered', deliveredAt }, 'withdrawn'],
    ['that could not be taken back', 'delivered', { action: 'delete', state: 'dead' }, 'sent'],
    ['not accepted, with a withdrawal behind it', 'dead', { action: 'delete' }, 'failed'],
    ['of which another was taken back', 'delivered', { action: 'delete', entityId: 'lead-2' }, 'sent'],
  ])('%s', (_, state, change, progress) => {
    const lead = entry({ state })
    expect(enquiryOfEntries(lead, [lead, entry(change)])).toMatchObject({ progress })
  })

  test('counts the changes on their way, and tells when one was taken', () => {
    const lead = entry({ state: 'delivered', deliveredAt })
    const changes = [
      entry({ action: 'update', state: 'delivered', deliveredAt }),
      entry({ action: 'update', state: 'sending' }),
      entry({ action: 'update', state: 'dead' }),
    ]
    expect(enquiryOfEntries(lead, [lead, ...changes])).toMatchObject({
      pending_changes: 1,
      changed_at: new Date(deliveredAt),
    })
  })
})
