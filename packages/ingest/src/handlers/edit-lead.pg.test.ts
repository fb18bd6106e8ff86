import type { Operation } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
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
let ann: Principal & { kind: 'member' }
let bob: Principal & { kind: 'member' }
let lead: Operation

const RECEIVED_AT = new Date('2026-05-01T12:00:00.000Z')
const minutesLater = (minutes: number) => new Date(RECEIVED_AT.getTime() + minutes * 60_000)

beforeAll(async () => {
  ingest = await openIngestHarness(inject('postgresUrl'))
})
afterAll(() => ingest?.close())
beforeEach(async () => {
  await ingest.empty()
  visitor = newVisitor(ingest.acme)
  ann = newMember(ingest.acme)
  bob = newMember(ingest.acme)
  lead = ingest.insert()
  await ingest.send([lead], { principal: visitor, receivedAt: RECEIVED_AT })
})

/** An edit made so many minutes after the lead came, and received an hour after it. */
async function edit(
  who: Principal,
  payload: Record<string, unknown>,
  { baseVersion = 1, minute = 10, opId = uuidv7() }: { baseVersion?: number; minute?: number; opId?: string } = {},
) {
  const operation = updateOf(lead, payload, { baseVersion, capturedAt: minutesLater(minute).toISOString(), opId })
  const [result] = await ingest.send([operation], { principal: who, receivedAt: minutesLater(60) })
  return { operation, result }
}

const stored = async () => (await ingest.leads())[0]
const historyOf = async (kind: string) => (await ingest.events()).filter((event) => event.kind === kind)

describe('two edits from the same version', () => {
  test('of different fields are merged', async () => {
    await edit(ann, { status: 'contacted' })
    const { result } = await edit(bob, { values: { name: 'Ada Lovelace' } })
    expect(result).toMatchObject({ outcome: 'applied', version: 3 })
    expect(await stored()).toMatchObject({ status: 'contacted', values: { ...GOOD_VALUES, name: 'Ada Lovelace' } })
  })

  test('to the same value are no conflict', async () => {
    await edit(ann, { status: 'won' })
    const { result, operation } = await edit(bob, { status: 'won' }, { minute: 20 })
    expect(result).toMatchObject({ outcome: 'applied', version: 3 })
    expect(await stored()).toMatchObject({ status: 'won', writeId: operation.opId })
  })

  test('of one field leave the later one, and keep both', async () => {
    const first = await edit(ann, { status: 'won' }, { minute: 10 })
    const second = await edit(bob, { status: 'lost' }, { minute: 20 })
    expect(first.result).toMatchObject({ outcome: 'applied', version: 2 })
    const values = { status: { kept: 'lost', lost: 'won' } }
    expect(second.result).toMatchObject({ outcome: 'conflict', version: 3, fields: ['status'], values })
    expect(await stored()).toMatchObject({ status: 'lost', version: 3, writeId: second.operation.opId })
    expect(await historyOf('overridden')).toMatchObject([
      { actorId: bob.userId, opId: second.operation.opId, data: { fields: values, baseVersion: 1, version: 3 } },
    ])
  })

  test('of one field leave the later one also when it arrived first, and move the version all the same', async () => {
    await edit(ann, { status: 'won' }, { minute: 20 })
    const { result, operation } = await edit(bob, { status: 'lost' }, { minute: 10 })
    expect(result).toMatchObject({
      outcome: 'conflict',
      version: 3,
      values: { status: { kept: 'won', lost: 'lost' } },
    })
    expect(await stored()).toMatchObject({ status: 'won', version: 3, writeId: operation.opId })
    expect(await historyOf('overridden')).toHaveLength(1)
    expect(await historyOf('changed')).toHaveLength(1)
    expect(await ingest.receipts()).toMatchObject([{ status: 'closed' }])
  })

  test('of one field at the same moment leave the one with the greater id', async () => {
    const [smaller, greater] = [uuidv7(), uuidv7()].sort() as [string, string]
    await edit(ann, { status: 'won' }, { opId: greater })
    const { result } = await edit(bob, { status: 'lost' }, { opId: smaller })
    expect(result).toMatchObject({ outcome: 'conflict', values: { status: { kept: 'won', lost: 'lost' } } })
  })

  test('are settled field by field', async () => {
    await edit(ann, { status: 'won', values: { name: 'A', message: 'from Ann' } }, { minute: 10 })
    const { result } = await edit(bob, { values: { name: 'B', email: 'new@example.com' } }, { minute: 20 })
    expect(result).toMatchObject({ outcome: 'conflict', fields: ['values.name'] })
    expect(await stored()).toMatchObject({
      status: 'won',
      values: { name: 'B', email: 'new@example.com', message: 'from Ann' },
    })
  })

  test('are told the same conflict again when the answer was lost', async () => {
    await edit(ann, { status: 'won' })
    const { result, operation } = await edit(bob, { status: 'lost' }, { minute: 20 })
    const [replay] = await ingest.send([operation], { principal: bob })
    expect(replay).toEqual(result)
    expect(await stored()).toMatchObject({ version: 3 })
  })

  test('can be undone by an ordinary edit to the value that gave way', async () => {
    await edit(ann, { status: 'won' }, { minute: 10 })
    const { result } = await edit(bob, { status: 'lost' }, { minute: 20 })
    if (result?.outcome !== 'conflict') throw new Error('no conflict')
    const restored = await edit(
      ann,
      { status: result.values?.status?.lost },
      { baseVersion: result.version, minute: 30 },
    )
    expect(restored.result).toMatchObject({ outcome: 'applied', version: 4 })
    expect(await stored()).toMatchObject({ status: 'won' })
  })
})

describe('the time of an edit', () => {
  test('never lies in the future: a clock that is ahead wins nothing', async () => {
    await edit(ann, { status: 'won' }, { minute: 50 })
    const ahead = updateOf(lead, { status: 'lost' }, { baseVersion: 1, capturedAt: '2031-01-01T00:00:00.000Z' })
    await ingest.send([ahead], { principal: bob, receivedAt: minutesLater(60) })
    // It counts as made when it arrived, and an edit made after that and before its claimed time still wins.
    const after = updateOf(
      lead,
      { status: 'reviewing' },
      { baseVersion: 1, capturedAt: minutesLater(70).toISOString() },
    )
    await ingest.send([after], { principal: ann, receivedAt: minutesLater(80) })
    expect(await stored()).toMatchObject({ status: 'reviewing' })
  })

  test('is taken without the skew of the device', async () => {
    await edit(ann, { status: 'won' }, { minute: 20 })
    // By a clock that is two hours behind: minute 130 − 120, after Ann’s once it is set right.
    const behind = updateOf(lead, { status: 'lost' }, { baseVersion: 1, capturedAt: minutesLater(-90).toISOString() })
    const [result] = await ingest.send([behind], {
      principal: bob,
      receivedAt: minutesLater(60),
      sentAt: minutesLater(-60),
    })
    expect(result).toMatchObject({ outcome: 'conflict', values: { status: { kept: 'lost', lost: 'won' } } })
  })

  test('of one device counts in its own order, without a conflict', async () => {
    const clientId = uuidv7()
    const one = updateOf(lead, { status: 'reviewing' }, { baseVersion: 1, capturedAt: minutesLater(1).toISOString() })
    const two = updateOf(lead, { status: 'won' }, { baseVersion: 1, capturedAt: minutesLater(2).toISOString() })
    const results = await ingest.send([one, two], { principal: ann, clientId, receivedAt: minutesLater(60) })
    expect(results).toMatchObject([
      { outcome: 'applied', version: 2 },
      { outcome: 'applied', version: 3 },
    ])
    expect(await stored()).toMatchObject({ status: 'won' })
  })
})

describe('an edit of what a visitor typed', () => {
  test('is trimmed and checked by the form, and takes an optional field away', async () => {
    const { result } = await edit(ann, { values: { name: '  Ada L. ', message: '' } })
    expect(result).toMatchObject({ outcome: 'applied' })
    const { message: _, ...rest } = GOOD_VALUES
    expect((await stored())?.values).toEqual({ ...rest, name: 'Ada L.' })
    expect(await historyOf('changed')).toMatchObject([
      { data: { fields: { 'values.name': { from: 'Ada', to: 'Ada L.' }, 'values.message': { from: 'Hello' } } } },
    ])
  })

  test.each([
    [{ email: 'nobody' }, { email: 'not_an_email' }],
    [{ name: '' }, { name: 'required' }],
    [{ shoe_size: '43' }, { shoe_size: 'unknown_field' }],
  ])('to %j is rejected', async (values, fields) => {
    const { result } = await edit(ann, { status: 'won', values })
    expect(result).toMatchObject({ outcome: 'rejected', reason: 'invalid_values', fields })
    expect(await stored()).toMatchObject({ status: 'new', version: 1 })
  })

  test('does not agree to anything in the visitor’s name', async () => {
    const { result } = await edit(ann, { values: { privacy: true } })
    expect(result).toMatchObject({ outcome: 'rejected', reason: 'field_not_allowed' })
  })

  test('that would not pass as a whole any more is possible where it passes', async () => {
    await ingest.owner.execute(`UPDATE leads SET "values" = '{"name": "Ada", "email": "was never checked"}'`)
    const { result } = await edit(ann, { values: { name: 'Ada Lovelace' } })
    expect(result).toMatchObject({ outcome: 'applied' })
    expect((await stored())?.values).toEqual({ name: 'Ada Lovelace', email: 'was never checked' })
  })

  test('is checked by the version of the form that the lead came with', async () => {
    const fields = ingest.acme.form.fields.filter((field) => field.name !== 'message')
    await ingest.publish({ ...ingest.acme.form, version: 2, fields })
    expect((await edit(ann, { values: { message: 'Still here' } })).result).toMatchObject({ outcome: 'applied' })
  })
})

test('a lead that its visitor took back is not edited any more', async () => {
  await ingest.send([withdrawalOf(lead)], { principal: visitor })
  const { result } = await edit(ann, { status: 'won' })
  expect(result).toMatchObject({ outcome: 'rejected', reason: 'withdrawn' })
  expect(await stored()).toMatchObject({ status: 'withdrawn', version: 2 })
})

test('a member does not delete leads', async () => {
  const [result] = await ingest.send([withdrawalOf(lead, { baseVersion: 1 })], { principal: ann })
  expect(result).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
})

test.each([{ status: 'withdrawn' }, { status: null }, { values: { name: 7 } }, { values: 'x' }])(
  'an edit that reads %j is malformed',
  async (payload) => {
    expect((await edit(ann, payload)).result).toMatchObject({ outcome: 'rejected', reason: 'malformed' })
  },
)
