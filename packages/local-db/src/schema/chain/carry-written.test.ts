import type { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMemoryDatabase } from '../../testing/memory-database.ts'
import { carryWritten, readWritten } from './carry-written.ts'

const LEAD = '019a0000-0000-7000-8000-000000000001'
let old: PGlite
let fresh: PGlite
beforeEach(async () => {
  ;[old, fresh] = [await createMemoryDatabase(), await createMemoryDatabase()]
  await old.exec(`INSERT INTO leads_synced (id, status, version) VALUES ('${LEAD}', 'new', 3)`)
}, 60_000)
afterEach(() => Promise.all([old.close(), fresh.close()]))

const write = (id: string, body: string) =>
  old.query(`INSERT INTO notes (id, lead_id, body) VALUES ($1, $2, $3)`, [id, LEAD, body])
const noteId = (n: number) => `019a0000-0000-7000-8000-00000000010${n}`
const notes = async () => (await fresh.query('SELECT id, body FROM notes ORDER BY id')).rows

it('takes along what the outbox does not have, in its order and with its ids, and nothing else', async () => {
  await write(noteId(1), 'queued')
  await old.exec(`UPDATE sync_operations SET state = 'queued'`)
  await write(noteId(2), 'first')
  await old.exec(`UPDATE notes SET body = 'second' WHERE id = '${noteId(2)}'; UPDATE leads SET status = 'won'`)
  const written = await readWritten(old)
  expect(written.map(({ entity, action }) => [entity, action])).toEqual([
    ['note', 'insert'],
    ['note', 'update'],
    ['lead', 'update'],
  ])

  await carryWritten(fresh, written, [])
  expect(await readWritten(fresh)).toEqual(written)
  expect(await notes()).toEqual([{ id: noteId(2), body: 'second' }])
})

it('may be done again', async () => {
  await write(noteId(1), 'once')
  const written = await readWritten(old)
  await carryWritten(fresh, written, [])
  await carryWritten(fresh, written, [])
  expect(await readWritten(fresh)).toEqual(written)
})

it('rewrites what a reset renamed', async () => {
  await write(noteId(1), 'kept')
  const written = (await readWritten(old)).map((row) => ({ ...row, changes: { leadId: LEAD, text: 'kept' } }))
  await carryWritten(fresh, written, [{ note: { rename: { text: 'body' } } }])
  expect(await notes()).toEqual([{ id: noteId(1), body: 'kept' }])
})

it('takes along what has no meaning any more, with its values', async () => {
  await write(noteId(1), 'kept')
  const written = (await readWritten(old)).map((row) => ({ ...row, entity: 'visit' }))
  await carryWritten(fresh, written, [{ visit: 'dropped' }])
  expect(await readWritten(fresh)).toEqual(written)
})

it('leaves out columns that the new schema does not have, and knows every type', async () => {
  await write(noteId(1), 'with "quotes", \\ and 🏠')
  const written = (await readWritten(old)).map((row) => ({ ...row, priority: 7 }))
  await carryWritten(fresh, written, [])
  expect(await notes()).toEqual([{ id: noteId(1), body: 'with "quotes", \\ and 🏠' }])
})
