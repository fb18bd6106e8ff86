import { expect, test } from 'vitest'
import { keepDraft } from './keep-draft.ts'

function fakeOutbox() {
  const drafts = new Map<string, unknown>()
  return {
    drafts,
    saveDraft: async (formId: string, values: Record<string, unknown>) => void drafts.set(formId, values),
    deleteDraft: async (formId: string) => void drafts.delete(formId),
  }
}

test('keeps what is typed', async () => {
  const outbox = fakeOutbox()
  await keepDraft(outbox, 'f', { name: 'Ada', consent: false }, { isCorrecting: false })
  expect(outbox.drafts.get('f')).toEqual({ name: 'Ada', consent: false })
})

test('keeps nothing of a form that is empty again, as it is after a message was sent', async () => {
  const outbox = fakeOutbox()
  await outbox.saveDraft('f', { name: 'Ada' })
  await keepDraft(outbox, 'f', { name: '', consent: false }, { isCorrecting: false })
  expect(outbox.drafts.size).toBe(0)
})

test('leaves the draft alone while a letter is corrected: it would come back as a second message', async () => {
  const outbox = fakeOutbox()
  await outbox.saveDraft('f', { name: 'half' })
  await keepDraft(outbox, 'f', { name: 'of the letter' }, { isCorrecting: true })
  expect(outbox.drafts.get('f')).toEqual({ name: 'half' })
})
