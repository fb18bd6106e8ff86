import type { QueueEntryView } from '@landfall/contract'
import { describe, expect, test } from 'vitest'
import { isCurrent, statusConflicts } from './status-conflict.ts'

const edit = (opId: string, status: string, overrides: Partial<QueueEntryView> = {}) =>
  ({
    opId,
    entity: 'lead',
    entityId: 'lead-1',
    action: 'update',
    state: 'delivered',
    changes: { status },
    conflict: null,
    ...overrides,
  }) as QueueEntryView
const lost = edit('1', 'won', { conflict: { status: { kept: 'lost', lost: 'won' } } })

describe('conflicts over a status', () => {
  test('tell whose stands', () => {
    expect(statusConflicts([lost]).get('lead-1')).toMatchObject({ kept: 'lost', lost: 'won', isMineKept: false })
    const won = edit('1', 'won', { conflict: { status: { kept: 'won', lost: 'lost' } } })
    expect(statusConflicts([won]).get('lead-1')).toMatchObject({ kept: 'won', lost: 'lost', isMineKept: true })
  })

  test('are settled by a later edit of the status, and by nothing else', () => {
    expect(statusConflicts([lost, edit('2', 'won', { state: 'queued' })]).size).toBe(0)
    expect(statusConflicts([lost, edit('2', 'won', { state: 'dead' })]).size).toBe(1)
    expect(statusConflicts([lost, edit('2', 'won', { entityId: 'lead-2' })]).size).toBe(1)
    expect(statusConflicts([lost, edit('2', 'x', { changes: { values: { name: 'Ada' } } })]).size).toBe(1)
  })

  test('are none over another field', () => {
    const other = edit('1', 'won', { conflict: { 'values.name': { kept: 'Ada', lost: 'Eve' } } })
    expect(statusConflicts([other]).size).toBe(0)
  })

  test('are history once somebody has changed what stood', () => {
    const conflict = statusConflicts([lost]).get('lead-1')
    if (!conflict) throw new Error('no conflict')
    expect(isCurrent(conflict, { status: 'lost' })).toBe(true)
    expect(isCurrent(conflict, { status: 'contacted' })).toBe(false)
  })
})
