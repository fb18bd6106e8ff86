import type { Operation } from '@landfall/contract'
import * as schema from '@landfall/database/schema'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { Principal } from '../principal.ts'
import {
  type IngestHarness,
  newMember,
  newVisitor,
  openIngestHarness,
  recordStatements,
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

function noteOf(payload: Record<string, unknown> = {}, changes: Partial<Operation> = {}): Operation {
  return {
    opId: uuidv7(),
    entity: 'note',
    action: 'insert',
    entityId: uuidv7(),
    capturedAt: minutesLater(5).toISOString(),
    payload: { leadId: lead.entityId, body: 'Rang at noon', ...payload },
    ...changes,
  }
}
const editOf = (note: Operation, body: unknown, changes: Partial<Operation> = {}): Operation => ({
  ...noteOf({}, { action: 'update', entityId: note.entityId, payload: { body }, ...changes }),
})
const deletionOf = (note: Operation, changes: Partial<Operation> = {}): Operation => ({
  ...noteOf({}, { action: 'delete', entityId: note.entityId, payload: {}, ...changes }),
})
const at = (minute: number) => ({ capturedAt: minutesLater(minute).toISOString() })

async function send(operation: Operation, principal: Principal = ann, clientId?: string) {
  const options = { principal, receivedAt: minutesLater(60), ...(clientId ? { clientId } : {}) }
  const [result] = await ingest.send([operation], options)
  return result
}
async function written(payload: Record<string, unknown> = {}, clientId?: string) {
  const note = noteOf(payload)
  expect(await send(note, ann, clientId)).toMatchObject({ outcome: 'applied', version: 1 })
  return note
}
const stored = async () => (await ingest.notes())[0]

describe('a note', () => {
  test('is kept with its lead, its author and the operation that wrote it', async () => {
    const note = await written({ body: '  Rang at noon\n' })
    expect(await ingest.notes()).toMatchObject([
      {
        tenantId: ingest.acme.id,
        id: note.entityId,
        leadId: lead.entityId,
        authorId: ann.userId,
        body: 'Rang at noon',
        createdAt: minutesLater(5),
        updatedAt: minutesLater(5),
        version: 1,
        writeId: note.opId,
      },
    ])
  })

  test('counts as written by our clock, never before the lead nor after it arrived', async () => {
    const early = noteOf({}, { capturedAt: '2001-01-01T00:00:00.000Z' })
    const late = noteOf({}, { capturedAt: '2031-01-01T00:00:00.000Z' })
    await ingest.send([early, late], { principal: ann, receivedAt: minutesLater(60) })
    const notes = new Map((await ingest.notes()).map((note) => [note.id, note.createdAt]))
    expect(notes.get(early.entityId)).toEqual(RECEIVED_AT)
    expect(notes.get(late.entityId)).toEqual(minutesLater(60))
  })

  test('keeps markup as the text that it is', async () => {
    const body = `<script>alert("1")</script> & '); DROP TABLE notes; --`
    await written({ body })
    expect(await stored()).toMatchObject({ body })
  })

  test('holds no character that Postgres cannot', async () => {
    await written({ body: 'a\0b \ud800 c' })
    expect(await stored()).toMatchObject({ body: 'ab \ufffd c' })
  })

  test.each([
    ['nothing', '', 'required'],
    ['blanks', ' \n\t ', 'required'],
    ['one character too many', 'x'.repeat(5_001), 'too_long'],
    ['a number', 7, 'not_text'],
    ['an object', { toString: 'x' }, 'not_text'],
  ])('of %s is refused by its field', async (_, body, problem) => {
    const refusal = { outcome: 'rejected', reason: 'invalid_values', fields: { body: problem } }
    expect(await send(noteOf({ body }))).toMatchObject(refusal)
    const note = await written()
    expect(await send(editOf(note, body))).toMatchObject(refusal)
    expect(await stored()).toMatchObject({ body: 'Rang at noon', version: 1 })
  })

  test('may have 5,000 characters, counted as people count them', async () => {
    await written({ body: '🏠'.repeat(5_000) })
    expect([...((await stored())?.body ?? '')]).toHaveLength(5_000)
  })

  test.each(['authorId', 'tenantId', 'createdAt', 'version', 'writeId', '__proto__x'])(
    'has no %s that a client sets',
    async (name) => {
      const refusal = { outcome: 'rejected', reason: 'field_not_allowed' }
      expect(await send(noteOf({ [name]: 'x' }))).toMatchObject(refusal)
      const note = await written()
      expect(await send(editOf(note, 'y', { payload: { body: 'y', [name]: 'x' } }))).toMatchObject(refusal)
      expect(await send(deletionOf(note, { payload: { [name]: 'x' } }))).toMatchObject(refusal)
    },
  )

  test('cannot move to another lead', async () => {
    const note = await written()
    const moved = editOf(note, 'y', { payload: { body: 'y', leadId: uuidv7() } })
    expect(await send(moved)).toMatchObject({ outcome: 'rejected', reason: 'field_not_allowed' })
  })

  test('is sent as often as it takes and stands once', async () => {
    const note = await written()
    const first = await stored()
    expect(await send(note)).toMatchObject({ outcome: 'duplicate', version: 1 })
    expect(await ingest.notes()).toEqual([first])
  })

  test('of an id that is taken is refused, and the first stays', async () => {
    const note = await written()
    const again = { outcome: 'rejected', reason: 'id_already_used' }
    expect(await send({ ...note, payload: { ...note.payload, body: 'Other words' } })).toMatchObject(again)
    expect(await send(noteOf({ body: 'Other words' }, { entityId: note.entityId }))).toMatchObject(again)
    expect(await send(note, bob)).toMatchObject(again)
    expect(await ingest.notes()).toMatchObject([{ body: 'Rang at noon', authorId: ann.userId }])
  })

  test('is one statement with the notes beside it', async () => {
    const statements = await recordStatements(() =>
      ingest.send([noteOf(), noteOf(), noteOf()], { principal: ann, receivedAt: minutesLater(60) }),
    )
    expect(statements.filter((text) => text.startsWith('INSERT INTO notes'))).toHaveLength(1)
    expect(await ingest.notes()).toHaveLength(3)
  })
})

describe('who may write notes', () => {
  test('visitors may not', async () => {
    const note = await written()
    for (const operation of [noteOf(), editOf(note, 'x'), deletionOf(note)]) {
      expect(await send(operation, visitor)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
    }
  })

  test('only its author changes one, whatever their role', async () => {
    const note = await written()
    for (const other of [bob, newMember(ingest.acme, 'owner'), newMember(ingest.acme, 'admin')]) {
      expect(await send(editOf(note, 'x'), other)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
    }
    expect(await send(editOf(note, 'Rang at one', { baseVersion: 1 }))).toMatchObject({
      outcome: 'applied',
      version: 2,
    })
    expect(await stored()).toMatchObject({ body: 'Rang at one', version: 2, authorId: ann.userId })
  })

  test.each(['owner', 'admin', 'member,admin'])(
    'its author deletes one, and so does a member who is %s',
    async (role) => {
      const [first, second] = [await written(), await written()]
      expect(await send(deletionOf(first), bob)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
      expect(await send(deletionOf(first))).toMatchObject({ outcome: 'applied', version: 2 })
      expect(await send(deletionOf(second), newMember(ingest.acme, role))).toMatchObject({ outcome: 'applied' })
      expect(await ingest.notes()).toEqual([])
    },
  )

  test("another tenant's lead and note do not exist, and an id that is taken there is free here", async () => {
    const note = await written()
    const stranger = newMember(ingest.lumen, 'owner')
    const notFound = { outcome: 'rejected', reason: 'not_found' }
    expect(await send(noteOf(), stranger)).toMatchObject(notFound)
    expect(await send(editOf(note, 'x'), stranger)).toMatchObject(notFound)
    expect(await send(deletionOf(note), stranger)).toMatchObject(notFound)

    const visitorThere = newVisitor(ingest.lumen)
    const leadThere = ingest.insert({}, { formId: ingest.lumen.form.formId })
    await ingest.send([leadThere], { principal: visitorThere, receivedAt: RECEIVED_AT })
    const same = noteOf({ leadId: leadThere.entityId, body: 'Theirs' }, { entityId: note.entityId })
    expect(await send(same, stranger)).toMatchObject({ outcome: 'applied' })
    const all = await ingest.notes()
    expect(all.map(({ tenantId, body }) => [tenantId, body]).sort()).toEqual(
      [
        [ingest.acme.id, 'Rang at noon'],
        [ingest.lumen.id, 'Theirs'],
      ].sort(),
    )
  })

  test('a lead that does not exist has none', async () => {
    expect(await send(noteOf({ leadId: uuidv7() }))).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
  })
})

describe('of two devices of one author', () => {
  test('the later edit stands, both are told and kept, and a replay is told the same', async () => {
    const note = await written()
    await send(editOf(note, 'From the phone', { baseVersion: 1, ...at(20) }))
    const second = editOf(note, 'From the desk', { baseVersion: 1, ...at(30) })
    const result = await send(second)
    const values = { body: { kept: 'From the desk', lost: 'From the phone' } }
    expect(result).toMatchObject({ outcome: 'conflict', version: 3, fields: ['body'], values })
    expect(await stored()).toMatchObject({ body: 'From the desk', version: 3, writeId: second.opId })
    expect((await ingest.events()).filter(({ kind }) => kind === 'overridden')).toMatchObject([
      { leadId: lead.entityId, actorId: ann.userId, data: { noteId: note.entityId, fields: values } },
    ])
    expect(await send(second)).toEqual(result)
  })

  test('an earlier edit that arrives later gives way, and moves the version all the same', async () => {
    const note = await written()
    await send(editOf(note, 'From the phone', { baseVersion: 1, ...at(30) }))
    const second = editOf(note, 'From the desk', { baseVersion: 1, ...at(20) })
    expect(await send(second)).toMatchObject({
      outcome: 'conflict',
      values: { body: { kept: 'From the phone', lost: 'From the desk' } },
    })
    expect(await stored()).toMatchObject({ body: 'From the phone', version: 3, writeId: second.opId })
  })

  test('what one of them wrote one after the other is no conflict', async () => {
    const clientId = uuidv7()
    const note = await written({}, clientId)
    expect(await send(editOf(note, 'Second', at(10)), ann, clientId)).toMatchObject({ outcome: 'applied', version: 2 })
    expect(await send(editOf(note, 'Third', at(11)), ann, clientId)).toMatchObject({ outcome: 'applied', version: 3 })
    expect(await stored()).toMatchObject({ body: 'Third' })
  })

  test('a delete that did not know of a later edit leaves the note', async () => {
    const note = await written()
    await send(editOf(note, 'Still needed', { baseVersion: 1, ...at(30) }))
    const deletion = deletionOf(note, { baseVersion: 1, ...at(20) })
    expect(await send(deletion)).toMatchObject({
      outcome: 'conflict',
      version: 3,
      values: { body: { kept: 'Still needed', lost: null } },
    })
    expect(await stored()).toMatchObject({ body: 'Still needed', version: 3, writeId: deletion.opId })
  })

  test.each([
    ['knew of the edit', { baseVersion: 2, ...at(20) }],
    ['was made after it', { baseVersion: 1, ...at(40) }],
  ])('a delete that %s takes the note', async (_, changes) => {
    const note = await written()
    await send(editOf(note, 'x', { baseVersion: 1, ...at(30) }))
    expect(await send(deletionOf(note, changes))).toMatchObject({ outcome: 'applied' })
    expect(await ingest.notes()).toEqual([])
  })

  test('an edit of a note that is gone finds none', async () => {
    const note = await written()
    await send(deletionOf(note))
    expect(await send(editOf(note, 'x'))).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
  })
})

describe('a withdrawn lead', () => {
  test('takes its notes along, and every word of them', async () => {
    const note = await written({ body: 'A secret of Ada' })
    await send(editOf(note, 'A secret from the phone', { baseVersion: 1, ...at(20) }))
    await send(editOf(note, 'A secret from the desk', { baseVersion: 1, ...at(30) }))
    expect(await send(withdrawalOf(lead), visitor)).toMatchObject({ outcome: 'applied' })
    expect(await ingest.notes()).toEqual([])
    const ledger = await ingest.owner.select().from(schema.syncOperations)
    expect(ledger).toHaveLength(5)
    expect(JSON.stringify([ledger, await ingest.events()])).not.toContain('secret')
  })

  test('keeps the notes of other leads', async () => {
    const other = ingest.insert()
    await ingest.send([other], { principal: visitor, receivedAt: RECEIVED_AT })
    const kept = noteOf({ leadId: other.entityId })
    await send(kept)
    await written()
    await send(withdrawalOf(lead), visitor)
    expect(await ingest.notes()).toMatchObject([{ id: kept.entityId }])
  })

  test('takes no note any more, while those beside it are taken', async () => {
    const other = ingest.insert()
    await ingest.send([other], { principal: visitor, receivedAt: RECEIVED_AT })
    await send(withdrawalOf(lead), visitor)
    const results = await ingest.send([noteOf(), noteOf({ leadId: other.entityId })], { principal: ann })
    expect(results).toMatchObject([{ outcome: 'rejected', reason: 'withdrawn' }, { outcome: 'applied' }])
  })
})

test('a note and the status of its lead that are one group stand or fall together', async () => {
  const groupId = uuidv7()
  const status = updateOf(lead, { status: 'contacted' }, { baseVersion: 1, groupId })
  const note = noteOf({ body: '' }, { groupId })
  const results = await ingest.send([status, note], { principal: ann, receivedAt: minutesLater(60) })
  expect(results).toMatchObject([{ reason: 'group_failed' }, { reason: 'invalid_values' }])
  expect(await ingest.leads()).toMatchObject([{ status: 'new', version: 1 }])
})
