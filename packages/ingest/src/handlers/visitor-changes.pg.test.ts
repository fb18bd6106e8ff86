import type { Operation } from '@landfall/contract'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { Principal } from '../principal.ts'
import {
  GOOD_VALUES,
  type IngestHarness,
  newMember,
  newVisitor,
  openIngestHarness,
  updateOf,
  withdrawalOf,
} from '../testing/ingest-harness.ts'

let ingest: IngestHarness
let visitor: Principal & { kind: 'visitor' }
let lead: Operation

const SPAM_TEXT = 'http://a.test http://b.test http://c.test'
const RECEIVED_AT = new Date('2026-05-01T12:00:00.000Z')

beforeAll(async () => {
  ingest = await openIngestHarness(inject('postgresUrl'))
})
afterAll(() => ingest?.close())
beforeEach(async () => {
  await ingest.empty()
  visitor = newVisitor(ingest.acme)
  lead = ingest.insert()
  await ingest.send([lead], { principal: visitor, receivedAt: RECEIVED_AT })
})

const stored = async () => (await ingest.leads())[0]
async function send(operation: Operation, principal: Principal = visitor) {
  const [result] = await ingest.send([operation], { principal })
  return result
}
const amend = (values: Record<string, unknown>, changes: Partial<Operation> = {}) =>
  send(updateOf(lead, { values }, changes))
const setStatus = (status: string, baseVersion = 1) =>
  send(updateOf(lead, { status }, { baseVersion }), newMember(ingest.acme))

describe('a visitor who amends an unread lead', () => {
  test('changes what they name, and the tenant sees what it was', async () => {
    expect(await amend({ message: 'Two roofs' })).toMatchObject({ outcome: 'applied', version: 2 })
    expect(await stored()).toMatchObject({
      values: { ...GOOD_VALUES, message: 'Two roofs' },
      status: 'new',
      version: 2,
    })
    const amended = (await ingest.events()).filter(({ kind }) => kind === 'amended')
    expect(amended).toMatchObject([
      {
        actorKind: 'visitor',
        actorId: visitor.clientId,
        data: { fields: { 'values.message': { from: 'Hello', to: 'Two roofs' } } },
      },
    ])
  })

  test('sees the version of their write on the receipt', async () => {
    const result = await amend({ message: 'Two roofs' })
    expect(await ingest.receipts()).toMatchObject([
      { status: 'received', version: (result as { version: number }).version },
    ])
  })

  test('is held to the form of the version they filled in', async () => {
    await ingest.publish({ ...ingest.acme.form, version: 2, fields: [ingest.acme.form.fields[0]] as never })
    expect(await amend({ email: 'ada@new.example.com' })).toMatchObject({ outcome: 'applied' })
    expect(await amend({ email: 'nobody' })).toMatchObject({
      reason: 'invalid_values',
      fields: { email: 'not_an_email' },
    })
    expect(await amend({ name: '' })).toMatchObject({ reason: 'invalid_values', fields: { name: 'required' } })
    expect(await amend({ privacy: false })).toMatchObject({ fields: { privacy: 'consent_required' } })
    expect(await amend({ shoe_size: '43' })).toMatchObject({ fields: { shoe_size: 'unknown_field' } })
  })

  test('is judged again: links set a lead apart, and taking them out brings it back', async () => {
    expect(await amend({ message: SPAM_TEXT })).toMatchObject({ outcome: 'applied' })
    expect(await stored()).toMatchObject({ status: 'spam', spamReasons: ['too_many_links'] })
    expect(await amend({ message: 'Sorry about the links' })).toMatchObject({ outcome: 'applied' })
    expect(await stored()).toMatchObject({ status: 'new', spamReasons: [] })
  })

  test('does not talk away what was seen when they sent it', async () => {
    const decoyed = ingest.insert({}, { decoy: 'x' })
    await send(decoyed)
    await send(updateOf(decoyed, { values: { message: 'All fine' } }))
    const [, after] = await ingest.leads()
    expect(after).toMatchObject({ status: 'spam', spamReasons: ['decoy'] })
  })

  test('does not undo a later amendment by an earlier one that was held up', async () => {
    const at = (minute: number) => ({ capturedAt: new Date(RECEIVED_AT.getTime() + minute * 60_000).toISOString() })
    await amend({ message: 'Second' }, at(2))
    expect(await amend({ message: 'First' }, at(1))).toMatchObject({ outcome: 'conflict', fields: ['values.message'] })
    expect(await stored()).toMatchObject({ values: { message: 'Second' } })
  })

  test.each(['reviewing', 'spam', 'new'])('is too late once a member has made it %s', async (status) => {
    await setStatus(status)
    expect(await amend({ message: 'Wait' })).toMatchObject({ outcome: 'rejected', reason: 'already_read' })
    expect(await send(withdrawalOf(lead))).toMatchObject({ outcome: 'rejected', reason: 'already_read' })
    expect(await stored()).toMatchObject({ values: GOOD_VALUES, status })
  })

  test.each([
    ['gave way to theirs', 'Called her'],
    ['said the same as theirs', 'Two roofs'],
  ])('is too late once a member edited it, also when that edit %s', async (_, message) => {
    const at = (minute: number) => ({ capturedAt: new Date(RECEIVED_AT.getTime() + minute * 60_000).toISOString() })
    await amend({ message: 'Two roofs' }, at(10))
    await send(updateOf(lead, { values: { message } }, { baseVersion: 1, ...at(5) }), newMember(ingest.acme))
    expect(await stored()).toMatchObject({ values: { message: 'Two roofs' } })
    // Their values stand in the answer that is kept for the member, and the member's in the history.
    expect(await send(withdrawalOf(lead))).toMatchObject({ outcome: 'rejected', reason: 'already_read' })
    expect(await amend({ message: 'Three roofs' })).toMatchObject({ outcome: 'rejected', reason: 'already_read' })
  })

  test('meets a member who edits the same field at the same time by the version they had seen', async () => {
    await amend({ message: 'Two roofs' })
    const edit = updateOf(lead, { values: { message: 'Called her' } }, { baseVersion: 1 })
    const result = await send(edit, newMember(ingest.acme))
    expect(result).toMatchObject({ outcome: 'conflict', fields: ['values.message'] })
  })
})

describe('somebody else’s lead', () => {
  test('is not there for another device, nor for another tenant', async () => {
    const stranger = newVisitor(ingest.acme)
    const elsewhere: Principal = { ...visitor, tenantId: ingest.lumen.id }
    for (const who of [stranger, elsewhere]) {
      const amendment = updateOf(lead, { values: { message: 'Hijacked' } })
      expect(await send(amendment, who)).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
      expect(await send(withdrawalOf(lead), who)).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
    }
    expect(await stored()).toMatchObject({ values: GOOD_VALUES, version: 1 })
  })

  test('is not found either when it was read or withdrawn', async () => {
    await setStatus('reviewing')
    const result = await send(withdrawalOf(lead), newVisitor(ingest.acme))
    expect(result).toMatchObject({ reason: 'not_found' })
  })
})

describe('a visitor who withdraws an unread lead', () => {
  test('takes everything back that they had typed, from its history too', async () => {
    await amend({ message: 'My secret is 4711', name: 'Ada Secret' })
    expect(await send(withdrawalOf(lead))).toMatchObject({ outcome: 'applied', version: 3 })
    expect(await stored()).toMatchObject({
      status: 'withdrawn',
      values: {},
      attribution: {},
      consents: [],
      fieldEdits: {},
      version: 3,
    })
    expect(await ingest.receipts()).toMatchObject([{ status: 'withdrawn', version: 3 }])
    expect((await ingest.events()).map(({ kind }) => kind)).toEqual(['created', 'amended', 'withdrawn'])
    for (const table of ['leads', 'lead_receipts', 'lead_events', 'sync_operations']) {
      const { rows } = await ingest.owner.execute(sql`SELECT * FROM ${sql.identifier(table)}`)
      expect(JSON.stringify(rows), table).not.toMatch(/secret|4711|ada@example|Hello/i)
    }
  })

  test('also takes back one that was set apart', async () => {
    const spam = ingest.insert({}, { decoy: 'x' })
    await send(spam)
    expect(await send(withdrawalOf(spam))).toMatchObject({ outcome: 'applied' })
  })

  test('finds it withdrawn from then on', async () => {
    const withdrawal = withdrawalOf(lead)
    await send(withdrawal)
    expect(await send(withdrawal)).toMatchObject({ outcome: 'duplicate' })
    expect(await send(withdrawalOf(lead))).toMatchObject({ outcome: 'rejected', reason: 'withdrawn' })
    expect(await amend({ message: 'Or not' })).toMatchObject({ outcome: 'rejected', reason: 'withdrawn' })
  })

  test('does not take back an amendment that came after and that they did not know of', async () => {
    const at = (minute: number) => ({ capturedAt: new Date(RECEIVED_AT.getTime() + minute * 60_000).toISOString() })
    await amend({ message: 'I do want it' }, at(10))
    const before = await send(withdrawalOf(lead, { baseVersion: 1, ...at(5) }))
    expect(before).toMatchObject({ outcome: 'conflict', version: 3, fields: ['values.message'] })
    expect(await stored()).toMatchObject({ status: 'new', version: 3, values: { message: 'I do want it' } })
    expect(await send(withdrawalOf(lead, { baseVersion: 3, ...at(6) }))).toMatchObject({
      outcome: 'applied',
      version: 4,
    })
  })

  test('says nothing but that', async () => {
    const result = await send(withdrawalOf(lead, { payload: { reason: 'x' } }))
    expect(result).toMatchObject({ outcome: 'rejected', reason: 'field_not_allowed' })
  })
})
