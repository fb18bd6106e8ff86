import { describe, expect, test } from 'vitest'
import { formDefinition } from './form-definition.ts'
import { checkLeadValues } from './lead-values.ts'

const definition = formDefinition.parse({
  formId: 'f_roofing01',
  version: 1,
  locale: 'en',
  title: 'Ask for a quote',
  submitLabel: 'Send',
  thanks: 'Thank you.',
  fields: [
    { type: 'text', name: 'name', label: 'Name', required: true },
    { type: 'email', name: 'email', label: 'Email', required: true },
    { type: 'phone', name: 'phone', label: 'Phone' },
    { type: 'select', name: 'topic', label: 'Topic', options: [{ value: 'leak', label: 'A leak' }] },
    { type: 'textarea', name: 'message', label: 'Message', maxLength: 10 },
    { type: 'checkbox', name: 'urgent', label: 'Urgent' },
    { type: 'consent', name: 'privacy', label: 'Privacy', required: true, text: 'You may answer me.' },
  ],
})
const good = { name: 'Ada', email: 'ada@example.com', privacy: true }

const problemsOf = (input: unknown) => {
  const result = checkLeadValues(definition, input)
  return result.success ? {} : result.problems
}

describe('values of a lead', () => {
  test('are trimmed, and empty optional fields are absent', () => {
    expect(checkLeadValues(definition, { ...good, name: '  Ada  ', phone: '', message: '   ' })).toEqual({
      success: true,
      values: good,
    })
  })

  test('name every field that is missing, with the reason', () => {
    expect(problemsOf({})).toEqual({ name: 'required', email: 'required', privacy: 'consent_required' })
    expect(problemsOf({ ...good, privacy: false })).toEqual({ privacy: 'consent_required' })
  })

  test.each([
    ['email', 'ada', 'not_an_email'],
    ['email', 'ada@', 'not_an_email'],
    ['email', 'a b@example.com', 'not_an_email'],
    ['phone', 'call me', 'not_a_phone_number'],
    ['phone', '12', 'not_a_phone_number'],
    ['topic', 'other', 'not_an_option'],
    ['message', 'x'.repeat(11), 'too_long'],
    ['name', 7, 'not_text'],
    ['urgent', 'yes', 'not_text'],
    ['owner', 'me', 'unknown_field'],
  ])('refuse %s = %j as %s', (name, value, problem) => {
    expect(problemsOf({ ...good, [name]: value })).toEqual({ [name]: problem })
  })

  test.each(['+49 (30) 123-456', '٠١٢٣٤٥٦٧٨٩', '030 123456 ext. 12'])('take the phone number %s', (phone) => {
    expect(problemsOf({ ...good, phone })).toEqual({})
  })

  test.each(['phone', 'email', 'name', 'message'])('as long as a request can be are refused at once: %s', (name) => {
    const startedAtMs = performance.now()
    for (const value of [`1${' '.repeat(100_000)}.${'@'.repeat(100_000)}y`, `a${'\u0315\u0323'.repeat(60_000)}`]) {
      expect(Object.keys(problemsOf({ ...good, [name]: value }))).toEqual([name])
    }
    expect(performance.now() - startedAtMs).toBeLessThan(1_000)
  })

  test('are composed, with every mark that a script puts on a letter', () => {
    expect(checkLeadValues(definition, { ...good, name: `a\u0301 o\u0308\u0323` })).toMatchObject({
      values: { name: 'á \u1ECD\u0308' },
    })
  })

  test.each(['ada@localhost', 'ادا@مثال.إختبار', "o'neil+x@example.co.uk"])('take the address %s', (email) => {
    expect(problemsOf({ ...good, email })).toEqual({})
  })

  test('lose NUL and lone surrogates, count characters and not code units, and keep the rest', () => {
    const result = checkLeadValues(definition, { ...good, name: 'A\0d\uD800a', message: '👍'.repeat(10) })
    expect(result).toMatchObject({ success: true, values: { name: 'Ad\uFFFDa', message: '👍'.repeat(10) } })
  })

  test.each([null, 'text', [], 42])('refuse %j without throwing', (input) => {
    expect(checkLeadValues(definition, input).success).toBe(false)
  })

  test('are not fooled by names of Object.prototype', () => {
    expect(problemsOf({ ...good, constructor: 'x' })).toEqual({ constructor: 'unknown_field' })
  })
})
