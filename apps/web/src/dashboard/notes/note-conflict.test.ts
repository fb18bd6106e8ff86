import type { QueueEntryView } from '@landfall/contract'
import { expect, test } from 'vitest'
import { noteConflicts } from './note-conflict.ts'

let made = 0

function entry(changes: Partial<QueueEntryView>): QueueEntryView {
  made += 1
  return {
    opId: `op-${made}`,
    groupId: null,
    entity: 'note',
    entityId: 'note-1',
    action: 'update',
    state: 'delivered',
    label: 'Note changed',
    changes: { body: 'mine' },
    baseVersion: 1,
    capturedAt: '2026-01-01T00:00:00.000Z',
    attempts: 1,
    nextAttemptAt: null,
    deliveredAt: null,
    txid: 1,
    version: 2,
    conflict: null,
    reason: null,
    ...changes,
  }
}

test('of two texts it says which stands, and gives the other', () => {
  const mine = noteConflicts([entry({ conflict: { body: { kept: 'mine', lost: 'theirs' } } })])
  expect(mine.get('note-1')).toMatchObject({ kind: 'edited', lost: 'theirs', isMineKept: true })
  const theirs = noteConflicts([entry({ conflict: { body: { kept: 'theirs', lost: 'mine' } } })])
  expect(theirs.get('note-1')).toMatchObject({ kind: 'edited', lost: 'mine', isMineKept: false })
})

test('a note that was to be deleted and stays says so', () => {
  const kept = noteConflicts([
    entry({ action: 'delete', changes: null, conflict: { body: { kept: 'theirs', lost: null } } }),
  ])
  expect(kept.get('note-1')).toMatchObject({ kind: 'kept' })
})

test('a later change makes it history, one that was refused does not', () => {
  const conflict = entry({ conflict: { body: { kept: 'mine', lost: 'theirs' } } })
  expect(noteConflicts([conflict, entry({ state: 'queued' })]).size).toBe(0)
  expect(noteConflicts([conflict, entry({ state: 'dead' })]).size).toBe(1)
  expect(noteConflicts([entry({ entity: 'lead', conflict: { body: { kept: 'a', lost: 'b' } } })]).size).toBe(0)
})
