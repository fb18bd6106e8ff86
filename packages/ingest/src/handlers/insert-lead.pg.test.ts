import { createHash } from 'node:crypto'
import { type FormField, LIMITS } from '@landfall/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { Principal } from '../principal.ts'
import {
  CAPTURED_AT,
  GOOD_VALUES,
  type IngestHarness,
  newVisitor,
  openIngestHarness,
  updateOf,
} from '../testing/ingest-harness.ts'
import { createHandlerRegistry } from './index.ts'

let ingest: IngestHarness
let principal: Principal & { kind: 'visitor' }

beforeAll(async () => {
  ingest = await openIngestHarness(inject('postgresUrl'))
})
afterAll(() => ingest?.close())
beforeEach(async () => {
  await ingest.empty()
  principal = newVisitor(ingest.acme)
})

const withValues = (values: Record<string, unknown>) => ingest.insert({}, { values: { ...GOOD_VALUES, ...values } })
const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

describe('what a visitor agreed to', () => {
  const newsletter: FormField = {
    type: 'consent',
    name: 'newsletter',
    label: 'Newsletter',
    required: false,
    text: 'Schicken Sie mir Neues – monatlich.',
  }

  test('is kept with the lead, word for word, with its hash, the version of the form and the time', async () => {
    await ingest.send([ingest.insert()], { principal })
    const text = 'You may answer me.'
    expect((await ingest.leads())[0]?.consents).toEqual([
      { field: 'privacy', formVersion: 1, text, sha256: sha256(text), agreedAt: CAPTURED_AT },
    ])
  })

  test('is what was ticked, and only that', async () => {
    await ingest.publish({ ...ingest.acme.form, version: 2, fields: [...ingest.acme.form.fields, newsletter] })
    const [ticked, left] = [true, false].map((is) =>
      ingest.insert({ formVersion: 2 }, { values: { ...GOOD_VALUES, newsletter: is } }),
    )
    await ingest.send([ticked, left], { principal })
    const consents = new Map((await ingest.leads()).map((lead) => [lead.id, lead.consents]))
    expect(consents.get(ticked?.entityId ?? '')).toMatchObject([
      { field: 'privacy' },
      { field: 'newsletter', formVersion: 2, sha256: sha256(newsletter.text) },
    ])
    expect(consents.get(left?.entityId ?? '')).toMatchObject([{ field: 'privacy' }])
  })

  test('changes with an amendment only where the amendment changes it', async () => {
    await ingest.publish({ ...ingest.acme.form, version: 2, fields: [...ingest.acme.form.fields, newsletter] })
    const lead = ingest.insert({ formVersion: 2 })
    const receivedAt = new Date('2026-05-01T12:00:00.000Z')
    await ingest.send([lead], { principal, receivedAt })
    const capturedAt = '2026-05-01T12:30:00.000Z'
    const later = { principal, receivedAt: new Date('2026-05-01T13:00:00.000Z') }
    await ingest.send([updateOf(lead, { values: { newsletter: true } }, { capturedAt })], later)
    expect((await ingest.leads())[0]?.consents).toMatchObject([
      { field: 'privacy', agreedAt: CAPTURED_AT },
      { field: 'newsletter', agreedAt: capturedAt },
    ])
    await ingest.send([updateOf(lead, { values: { newsletter: false } }, { capturedAt })], later)
    expect((await ingest.leads())[0]?.consents).toMatchObject([{ field: 'privacy', agreedAt: CAPTURED_AT }])
  })
})

describe('a lead of an old version of the form', () => {
  const [name, email, message, privacy] = [0, 1, 2, 3]
  const pick = (indexes: number[], privacyText: string) =>
    indexes
      .map((index) => ingest.acme.form.fields[index] as FormField)
      .map((field) => (field.type === 'consent' ? { ...field, text: privacyText } : field))

  beforeEach(async () => {
    await ingest.publish({
      ...ingest.acme.form,
      version: 2,
      fields: pick([name, email, privacy], 'Text of version two.'),
    })
    await ingest.publish({ ...ingest.acme.form, version: 3, fields: pick([name, privacy], 'Text of version three.') })
  })

  test('is taken with fields that later versions lack, and with the text of its own version', async () => {
    expect(await ingest.send([ingest.insert()], { principal })).toMatchObject([{ outcome: 'applied' }])
    expect(await ingest.leads()).toMatchObject([
      { formVersion: 1, values: GOOD_VALUES, consents: [{ formVersion: 1, text: 'You may answer me.' }] },
    ])
    expect(message).toBe(2)
  })

  test('is taken beside others in one batch, each by its own version', async () => {
    const versions = [3, 1, 2, 3].map((formVersion) =>
      ingest.insert(
        { formVersion },
        { values: formVersion === 1 ? GOOD_VALUES : { name: 'Ada', email: 'a@b.test', privacy: true } },
      ),
    )
    const results = await ingest.send(versions, { principal })
    expect(results).toMatchObject([
      { outcome: 'rejected', reason: 'invalid_values', fields: { email: 'unknown_field' } },
      { outcome: 'applied' },
      { outcome: 'applied' },
      { outcome: 'rejected', reason: 'invalid_values' },
    ])
  })

  test('is taken by a process that did not know the version a moment ago', async () => {
    const registry = createHandlerRegistry()
    const early = ingest.insert({ formVersion: 4 }, { values: { name: 'Ada', privacy: true } })
    expect(await ingest.send([early], { principal, registry })).toMatchObject([{ reason: 'unknown_form_version' }])
    await ingest.publish({ ...ingest.acme.form, version: 4, fields: pick([name, privacy], 'Four.') })
    const again = ingest.insert({ formVersion: 4 }, { values: { name: 'Ada', privacy: true } })
    expect(await ingest.send([again], { principal, registry })).toMatchObject([{ outcome: 'applied' }])
  })

  test.each([2 ** 31, 2 ** 53 - 1, 5])('of a version %i that never was is rejected by name', async (formVersion) => {
    const results = await ingest.send([ingest.insert({ formVersion }), ingest.insert()], { principal })
    expect(results).toMatchObject([{ reason: 'unknown_form_version' }, { outcome: 'applied' }])
  })

  test('does not reach the form of another tenant through what the process remembers', async () => {
    const registry = createHandlerRegistry()
    await ingest.send([ingest.insert()], { principal, registry })
    const elsewhere = newVisitor(ingest.lumen)
    const results = await ingest.send([ingest.insert()], { principal: elsewhere, registry })
    expect(results).toMatchObject([{ reason: 'unknown_form' }])
  })
})

describe('text', () => {
  const FOUR_BYTES = '𝒜𝒹𝒶 👩🏽‍🚒 𐍈'
  const RIGHT_TO_LEFT = '\u200fليلى\u200e \u202eabc\u202c'

  test.each([
    ['four-byte characters', FOUR_BYTES, FOUR_BYTES],
    ['right-to-left marks', `a${RIGHT_TO_LEFT}b`, `a${RIGHT_TO_LEFT}b`],
    ['NUL', 'A\0da', 'Ada'],
    ['a lone high surrogate', 'Ada\ud83d', 'Ada\ufffd'],
    ['a lone low surrogate', '\ude00Ada', '\ufffdAda'],
    ['what looks like an escape', 'Ada\\u0000', 'Ada\\u0000'],
    ['quotes and SQL', `'; DROP TABLE leads; -- $1 "x"`, `'; DROP TABLE leads; -- $1 "x"`],
    ['a combining accent', 'Zoe\u0308', 'Zoë'],
  ])('with %s is stored right', async (_, given, kept) => {
    const results = await ingest.send([withValues({ name: given, message: given })], { principal })
    expect(results).toMatchObject([{ outcome: 'applied' }])
    expect(await ingest.leads()).toMatchObject([{ values: { name: kept, message: kept } }])
  })

  test('in the attribution is cut and cleaned, never a reason to lose the lead', async () => {
    // The limit falls between the two halves of the last character.
    const long = `${'x'.repeat(LIMITS.attributionLength - 1)}😀`
    const attribution = { utm_source: 'a\0b', referrer: long, page_url: '\ud83d', utm_term: FOUR_BYTES }
    const results = await ingest.send([ingest.insert({}, { attribution })], { principal })
    expect(results).toMatchObject([{ outcome: 'applied' }])
    const [lead] = await ingest.leads()
    expect(lead?.attribution).toMatchObject({ utm_source: 'ab', page_url: '\ufffd', utm_term: FOUR_BYTES })
    expect(lead?.attribution.referrer).toMatch(/^x+\ufffd$/)
  })
})

describe('what no form sends', () => {
  const hostile: [string, unknown][] = [
    ['a NUL in a name of a value', withHostile({ 'na\0me': 'x' })],
    ['a lone surrogate in a name of a value', withHostile({ 'na\ud83dme': 'x' })],
    ['a NUL in an unknown field', { hostilePayload: { 'te\0nant': 'x' } }],
    ['a very long unknown field', { hostilePayload: { ['x'.repeat(20_000)]: 1 } }],
    ['a number for text', withHostile({ name: 7 })],
    ['a huge number', withHostile({ name: 1e308 })],
    ['null for text', withHostile({ name: null })],
    ['a tree for text', withHostile({ message: { a: { b: { c: [] } } } })],
    ['a list for the values', { hostilePayload: { values: [] } }],
    ['text for a tick', withHostile({ privacy: 'true' })],
    ['a constructor', withHostile({ constructor: 'x' })],
    ['a prototype of its values', JSON.parse('{"hostileValues": {"__proto__": "x", "toString": "y"}}')],
    ['a time of filling in beyond every number', { hostilePayload: { filledInMs: 1e300 } }],
    ['a negative time of filling in', { hostilePayload: { filledInMs: -1 } }],
  ]

  function withHostile(hostileValues: Record<string, unknown>) {
    return { hostileValues }
  }

  function operationOf(hostile: unknown) {
    const { hostileValues, hostilePayload } = hostile as Record<string, Record<string, unknown> | undefined>
    const operation = ingest.insert({}, hostilePayload)
    if (hostileValues) operation.payload.values = mergeOwn(GOOD_VALUES, hostileValues)
    return operation
  }

  /** Also the name `__proto__`, which an assignment would not make a field of. */
  function mergeOwn(...parts: Record<string, unknown>[]): Record<string, unknown> {
    return Object.fromEntries(parts.flatMap((part) => Object.entries(part)))
  }

  test.each(hostile)('%s is rejected, costs nobody else, and is answered alike the next time', async (_, what) => {
    const operation = operationOf(what)
    const batch = [ingest.insert(), operation, ingest.insert()]
    const results = await ingest.send(batch, { principal })
    expect(results.map((result) => result.outcome)).toEqual(['applied', 'rejected', 'applied'])
    expect(JSON.stringify(results[1]).length).toBeLessThan(2_000)
    const replay = await ingest.send(batch, { principal })
    expect(replay[1]).toEqual(results[1])
    expect(await ingest.leads()).toHaveLength(2)
  })

  test('a prototype alone changes nothing, for the lead nor for the process', async () => {
    const operation = ingest.insert()
    operation.payload.values = JSON.parse(`{"__proto__": {"isAdmin": true}, ${JSON.stringify(GOOD_VALUES).slice(1)}`)
    const [result] = await ingest.send([operation, ingest.insert()], { principal })
    expect(['applied', 'rejected']).toContain(result?.outcome)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    for (const lead of await ingest.leads()) expect(lead.values).toEqual(GOOD_VALUES)
  })

  test.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2024-02-29T12:00:00Z', '1970-01-01T00:00:00Z'])(
    'a clock that reads %s is kept as far as it can be',
    async (capturedAt) => {
      const lead = ingest.insert({ capturedAt })
      const results = await ingest.send([lead, updateOf(lead, { values: { name: 'Eve' } }, { capturedAt })], {
        principal,
      })
      expect(results.map((result) => result.outcome)).toEqual(['applied', 'applied'])
    },
  )

  test.each([
    ['an id in capitals', { entityId: '01933B1E-7A5C-7CC3-9F6D-1F2E3D4C5B6A' }, 'rejected'],
    ['an id of another version', { entityId: '01933b1e-7a5c-4cc3-9f6d-1f2e3d4c5b6a' }, 'rejected'],
    ['a date that is none', { capturedAt: '2026-02-30T00:00:00Z' }, 'rejected'],
    ['a version of 0', { formVersion: 0 }, 'rejected'],
    ['a base version beyond every integer', { baseVersion: 2 ** 53 - 1 }, 'applied'],
    ['a payload that is a list', { payload: [] as never }, 'rejected'],
  ])('%s is answered by itself', async (_, changes, outcome) => {
    const results = await ingest.send([ingest.insert(changes), ingest.insert()], { principal })
    expect(results.map((result) => result.outcome)).toEqual([outcome, 'applied'])
  })
})
