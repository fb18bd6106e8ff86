import { expect, test } from 'vitest'
import { leadIdOfLetter } from './use-leads-of-letters.ts'

const notesHere = [{ id: 'note-1', leadId: 'lead-1' }]

test.each([
  ['a change of a lead', { entity: 'lead', entityId: 'lead-9', changes: { status: 'won' } }, 'lead-9'],
  ['a new note', { entity: 'note', entityId: 'note-9', changes: { leadId: 'lead-2', body: 'x' } }, 'lead-2'],
  ['a changed note', { entity: 'note', entityId: 'note-1', changes: { body: 'x' } }, 'lead-1'],
  ['a note that is gone', { entity: 'note', entityId: 'note-9', changes: null }, undefined],
])('%s is about its lead', (_, letter, leadId) => {
  expect(leadIdOfLetter(letter, notesHere)).toBe(leadId)
})
