import { type Operation, operationResult } from '@landfall/contract'
import * as schema from '@landfall/database/schema'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import type { Principal } from '../principal.ts'
import {
  GOOD_VALUES,
  type IngestHarness,
  newMember,
  newVisitor,
  openIngestHarness,
  updateOf,
} from '../testing/ingest-harness.ts'

// A device may write for weeks by the schema that it has, and deliver to a server that has moved on, or been set back. Each
// of its operations is answered by itself, and those that can't be applied say why.

let ingest: IngestHarness
let member: Principal & { kind: 'member' }
let lead: Operation
beforeAll(async () => {
  ingest = await openIngestHarness(inject('postgresUrl'))
})
afterAll(() => ingest?.close())
beforeEach(async () => {
  await ingest.empty()
  member = newMember(ingest.acme)
  lead = ingest.insert()
  await ingest.send([lead], { principal: newVisitor(ingest.acme) })
})

const note = (payload: Record<string, unknown>, changes: Partial<Operation> = {}): Operation => ({
  ...updateOf({ entityId: uuidv7() }, { leadId: lead.entityId, ...payload }),
  entity: 'note',
  action: 'insert',
  ...changes,
})

it.each<[string, () => Operation, string]>([
  ['of an entity that is gone', () => note({ body: 'x' }, { entity: 'visit' }), 'unknown_entity'],
  ['with a field by its old name', () => note({ text: 'x' }), 'field_not_allowed'],
  ['with a field that is gone', () => note({ body: 'x', mood: 'good' }), 'field_not_allowed'],
  ['without a field that is required since', () => note({}), 'invalid_values'],
  ['with a field of another type', () => note({ body: { text: 'x' } }), 'invalid_values'],
  ['of a column that members may not write any more', () => updateOf(lead, { formVersion: 2 }), 'field_not_allowed'],
  ['with a status that is gone', () => updateOf(lead, { status: 'archived' }), 'malformed'],
])('rejects a write %s, with a reason, and applies the others of the batch', async (_what, write, reason) => {
  const [first, second, third] = await ingest.send([note({ body: 'before' }), write(), note({ body: 'behind' })], {
    principal: member,
  })
  expect(first).toMatchObject({ outcome: 'applied' })
  expect(second).toMatchObject({ outcome: 'rejected', reason })
  expect(operationResult.safeParse(second).success).toBe(true)
  expect(third).toMatchObject({ outcome: 'applied' })
  expect((await ingest.notes()).map(({ body }) => body)).toEqual(['before', 'behind'])
})

it('applies a lead of every version of its form that was ever published', async () => {
  await ingest.publish({ ...ingest.acme.form, version: 2 })
  const results = await ingest.send(
    [1, 2].map((formVersion) => ingest.insert({ formVersion }, { values: GOOD_VALUES })),
    { principal: newVisitor(ingest.acme) },
  )
  expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied'])
  expect((await ingest.owner.select().from(schema.leads)).map(({ formVersion }) => formVersion).sort()).toEqual([
    1, 1, 2,
  ])
})
