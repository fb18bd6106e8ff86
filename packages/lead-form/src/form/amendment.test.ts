import { formDefinition } from '@landfall/contract'
import { describe, expect, test } from 'vitest'
import { amendableFields, amendmentOf } from './amendment.ts'

const definition = formDefinition.parse({
  formId: 'f_roofing01',
  version: 3,
  locale: 'en',
  title: 'Ask for a quote',
  submitLabel: 'Send it',
  thanks: 'Thank you.',
  fields: [
    { type: 'text', name: 'name', label: 'Name', required: true },
    { type: 'email', name: 'email', label: 'Email', required: true },
    { type: 'textarea', name: 'message', label: 'Message' },
    { type: 'checkbox', name: 'urgent', label: 'Urgent' },
    { type: 'consent', name: 'privacy', label: 'Privacy', required: true, text: 'You may answer me.' },
  ],
})
const sent = { name: 'Ada', email: 'ada@example.com', message: 'A leak.', urgent: true, privacy: true }
const untouched = { name: '', email: '', message: '' }

describe('a change of what was sent', () => {
  test('sends only what differs, and what was emptied as empty', () => {
    expect(amendmentOf(definition, sent, { ...sent, message: '', urgent: false, name: ' Ada ' })).toEqual({
      kind: 'change',
      values: { message: '', urgent: false },
    })
  })

  test('is none when everything stands as it was', () => {
    expect(amendmentOf(definition, sent, sent)).toEqual({ kind: 'nothing' })
    expect(amendmentOf(definition, null, untouched)).toEqual({ kind: 'nothing' })
  })

  test('keeps what the form requires, where it is known', () => {
    expect(amendmentOf(definition, sent, { ...sent, name: '' })).toEqual({
      kind: 'invalid',
      problems: { name: 'required' },
    })
  })

  test('takes a single field where what was sent is not on the device any more', () => {
    expect(amendmentOf(definition, null, { ...untouched, email: 'countess@example.com' })).toEqual({
      kind: 'change',
      values: { email: 'countess@example.com' },
    })
    expect(amendmentOf(definition, null, { ...untouched, email: 'nobody' })).toMatchObject({
      kind: 'invalid',
      problems: { email: 'not_an_email' },
    })
  })

  test('asks for no box of which it does not know how it stands, and never for consent', () => {
    expect(amendableFields(definition, true).map(({ name }) => name)).toEqual(['name', 'email', 'message', 'urgent'])
    expect(amendableFields(definition, false).map(({ name }) => name)).toEqual(['name', 'email', 'message'])
  })
})
