import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryDatabase, emptyMemoryDatabase } from '../testing/memory-database.ts'
import { orderedUuid } from '../testing/queue-entry.ts'
import { putOperation, type SyncOperationRow } from '../testing/sync-operation.ts'

const LEAD = orderedUuid(500)
const NOTE = orderedUuid(600)
const OP = orderedUuid(1)
const LATER = orderedUuid(2)

let pg: PGlite
beforeAll(async () => {
  pg = await createMemoryDatabase()
})
beforeEach(async () => {
  await emptyMemoryDatabase(pg)
})
afterAll(() => pg.close())

const insertNote = (row: Partial<SyncOperationRow> = {}) =>
  putOperation(pg, {
    op_id: OP,
    entity: 'note',
    entity_id: NOTE,
    action: 'insert',
    state: 'queued',
    changes: { leadId: LEAD, body: 'mine' },
    ...row,
  })
const editNote = (row: Partial<SyncOperationRow> = {}) =>
  putOperation(pg, {
    op_id: OP,
    entity: 'note',
    entity_id: NOTE,
    action: 'update',
    state: 'queued',
    changes: { body: 'mine' },
    ...row,
  })
const deleteNote = (row: Partial<SyncOperationRow> = {}) =>
  putOperation(pg, { op_id: OP, entity: 'note', entity_id: NOTE, action: 'delete', state: 'queued', ...row })
const sync = (body: string, version: number, writeId: string | null = null) =>
  pg.query(
    `INSERT INTO notes_synced (id, lead_id, body, version, write_id) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (id) DO UPDATE SET body = excluded.body, version = excluded.version, write_id = excluded.write_id`,
    [NOTE, LEAD, body, version, writeId],
  )
const seen = (txid: number, shape = 'notes') =>
  pg.query('INSERT INTO seen_txids (shape, txid) VALUES ($1, $2)', [shape, txid])
const shown = async () =>
  (await pg.query<{ body: string; is_pending: boolean }>('SELECT body, _has_local_changes AS is_pending FROM notes'))
    .rows
const mine = [{ body: 'mine', is_pending: true }]
const delivered = { state: 'delivered', version: 2, txid: 70 }

describe('an edit has arrived', () => {
  it('when the row carries its id, also while it is still believed to be queued', async () => {
    await sync('old', 1)
    await editNote()
    expect(await shown()).toEqual(mine)
    await sync('as the server has it', 2, OP)
    expect(await shown()).toEqual([{ body: 'as the server has it', is_pending: false }])
  })

  it('when the row carries the id of a later edit of the same device', async () => {
    await sync('old', 1)
    await editNote({ state: 'sending' })
    await editNote({ op_id: LATER, place: 2, state: 'sending', changes: { body: 'later' } })
    await sync('later', 3, LATER)
    expect(await shown()).toEqual([{ body: 'later', is_pending: false }])
  })

  it('when it is delivered and the row is of its version, or a later one', async () => {
    await sync('old', 1)
    await editNote(delivered)
    expect(await shown()).toEqual(mine)
    await sync('somebody else', 3)
    expect(await shown()).toEqual([{ body: 'somebody else', is_pending: false }])
  })

  it('when it is delivered and its transaction was brought, whichever is known first', async () => {
    await sync('old', 1)
    await editNote(delivered)
    await seen(70)
    expect(await shown()).toEqual([{ body: 'old', is_pending: false }])
    await editNote({ op_id: LATER, place: 2 })
    await seen(71)
    expect(await shown()).toEqual(mine)
    await editNote({ op_id: LATER, place: 2, state: 'delivered', version: 9, txid: 71 })
    expect(await shown()).toEqual([{ body: 'old', is_pending: false }])
  })

  it('when the snapshot that the table was filled from saw its transaction', async () => {
    await sync('old', 1)
    await editNote(delivered)
    const snapshot = (xmin: number, xmax: number, xip: number[]) =>
      pg.query(
        `INSERT INTO seen_snapshots VALUES ('notes', $1, $2, $3) ON CONFLICT (shape) DO UPDATE SET
          snapshot_xmin = excluded.snapshot_xmin, snapshot_xmax = excluded.snapshot_xmax,
          snapshot_xip = excluded.snapshot_xip`,
        [xmin, xmax, xip],
      )
    await snapshot(60, 65, [])
    expect(await shown()).toEqual(mine)
    await snapshot(60, 80, [70])
    expect(await shown()).toEqual(mine)
    await snapshot(60, 80, [60])
    expect(await shown()).toEqual([{ body: 'old', is_pending: false }])
  })

  it('not by a transaction of another shape, nor by the same digits in another order', async () => {
    await sync('old', 1)
    await editNote({ ...delivered, txid: 1_000 })
    await seen(1_000, 'leads')
    await seen(999)
    await seen(10_000)
    expect(await shown()).toEqual(mine)
  })

  it('not while it waits, whatever version the row is of', async () => {
    await sync('old', 1)
    await editNote()
    await sync('somebody else', 9, orderedUuid(77))
    expect(await shown()).toEqual(mine)
  })
})

describe('an insert', () => {
  it('has arrived when the row is there, also after a lost answer and an edit of somebody else', async () => {
    await insertNote({ state: 'sending' })
    expect(await shown()).toEqual(mine)
    await sync('edited by another', 2, orderedUuid(77))
    expect(await shown()).toEqual([{ body: 'edited by another', is_pending: false }])
  })

  it('that was delivered and then deleted by somebody else goes with the transaction that brought it', async () => {
    await insertNote(delivered)
    expect(await shown()).toEqual(mine)
    await seen(70)
    expect(await shown()).toEqual([])
  })

  it('that is refused takes the row away, with the edits behind it', async () => {
    await insertNote()
    await editNote({ op_id: LATER, place: 2, changes: { body: 'corrected' } })
    expect(await shown()).toEqual([{ body: 'corrected', is_pending: true }])
    await insertNote({ state: 'dead' })
    expect(await shown()).toEqual([])
    expect((await pg.query('SELECT state FROM sync_operations ORDER BY place')).rows).toHaveLength(2)
  })
})

describe('a deletion', () => {
  it('hides the row until the shape takes it away', async () => {
    await sync('old', 1)
    await deleteNote()
    expect(await shown()).toEqual([])
    await deleteNote(delivered)
    expect(await shown()).toEqual([])
    await pg.exec('DELETE FROM notes_synced')
    await seen(70)
    expect(await shown()).toEqual([])
    expect((await pg.query('SELECT * FROM notes_local')).rows).toEqual([])
  })

  it('that is refused brings the row back', async () => {
    await sync('old', 1)
    await deleteNote()
    await deleteNote({ state: 'dead' })
    expect(await shown()).toEqual([{ body: 'old', is_pending: false }])
  })

  it('that gave way to an edit shows that edit, also before the row has come', async () => {
    await sync('old', 1)
    await deleteNote({ ...delivered, version: 3, conflict: { body: { kept: 'theirs', lost: null } } })
    expect(await shown()).toEqual([{ body: 'theirs', is_pending: false }])
    await sync('theirs', 3, OP)
    expect(await shown()).toEqual([{ body: 'theirs', is_pending: false }])
  })
})

describe('an edit of an object by its keys', () => {
  const lead = async () =>
    (await pg.query('SELECT status, "values", _has_local_changes AS is_pending FROM leads')).rows[0]
  const edit = (row: Partial<SyncOperationRow>) =>
    putOperation(pg, { op_id: OP, entity: 'lead', entity_id: LEAD, action: 'update', state: 'queued', ...row })
  beforeEach(async () => {
    await pg.query(`INSERT INTO leads_synced (id, status, "values", version) VALUES ($1, 'new', $2, 1)`, [
      LEAD,
      { name: 'Ada', phone: '1' },
    ])
  })

  it('is laid over the others key by key', async () => {
    await edit({ changes: { values: { name: 'A.', mail: 'a' } } })
    await edit({ op_id: LATER, place: 2, changes: { values: { phone: '', mail: 'b' }, status: 'won' } })
    expect(await lead()).toEqual({ status: 'won', values: { name: 'A.', mail: 'b' }, is_pending: true })
  })

  it('shows the keys that stand, where some gave way', async () => {
    const conflict = { 'values.name': { kept: 'Theirs', lost: 'Mine' }, 'values.a.b': { kept: null, lost: 'x' } }
    const values = { name: 'Mine', phone: '2', 'a.b': 'x' }
    await edit({ ...delivered, changes: { values, status: 'won' }, conflict })
    expect(await lead()).toEqual({ status: 'won', values: { name: 'Theirs', phone: '2' }, is_pending: true })
  })

  it('of which nothing stands is not pending any more', async () => {
    const conflict = { 'values.name': { kept: 'Theirs', lost: 'Mine' } }
    await edit({ ...delivered, changes: { values: { name: 'Mine' } }, conflict })
    expect(await lead()).toEqual({ status: 'new', values: { name: 'Theirs', phone: '1' }, is_pending: false })
  })
})

describe('what another build wrote', () => {
  it.each([
    ['an unknown entity', { entity: 'task' }],
    ['an unknown action', { action: 'upsert' }],
    ['an unknown state', { state: 'parked' }],
    ['no object of changes', { changes: ['body'] as unknown as Record<string, unknown> }],
    ['a value of another type', { action: 'insert', changes: { leadId: 'not a uuid', body: 'x' } }],
    ['an unknown column alone', { changes: { colour: 'red' } }],
    ['a conflict of another form', { ...delivered, conflict: ['x'] as unknown as SyncOperationRow['conflict'] }],
  ])('may be %s, and fails nothing', async (_, row: Partial<SyncOperationRow>) => {
    await sync('old', 1)
    await editNote({ entity_id: orderedUuid(601), op_id: orderedUuid(3), ...row })
    await editNote({ op_id: LATER, place: 2 })
    expect(await shown()).toEqual(mine)
  })

  it('may be an object where a key of an object was meant', async () => {
    await pg.query(`INSERT INTO leads_synced (id, "values") VALUES ($1, '{"name": "Ada"}')`, [LEAD])
    const edit = { op_id: OP, entity: 'lead', entity_id: LEAD, action: 'update', state: 'queued' }
    await putOperation(pg, { ...edit, changes: { values: 'x', status: 'won' } })
    expect((await pg.query('SELECT status, "values" FROM leads')).rows).toEqual([
      { status: 'won', values: { name: 'Ada' } },
    ])
  })
})

describe('a shape that begins anew', () => {
  it.each(['DELETE FROM notes_synced', 'TRUNCATE notes_synced'])(
    'shows what waits over the new rows, after a %s in the same transaction',
    async (empty) => {
      await sync('old', 1)
      await editNote()
      await insertNote({ op_id: LATER, entity_id: orderedUuid(601), changes: { leadId: LEAD, body: 'new' } })
      await pg.transaction(async (tx) => {
        await tx.exec(empty)
        await tx.query(
          `INSERT INTO notes_synced (id, lead_id, body, version) SELECT id, $1, 'fresh', 5 FROM unnest($2::uuid[]) AS id`,
          [LEAD, [NOTE, orderedUuid(602)]],
        )
      })
      const { rows } = await pg.query('SELECT body, _has_local_changes AS is_pending FROM notes ORDER BY id')
      expect(rows).toEqual([
        { body: 'mine', is_pending: true },
        { body: 'new', is_pending: true },
        { body: 'fresh', is_pending: false },
      ])
    },
  )
})

it.each(['DELETE FROM notes_synced', 'TRUNCATE notes_synced'])(
  'a row that a %s takes while the answer for its insert is still out is shown as it was written',
  async (empty) => {
    await insertNote({ state: 'sending' })
    await sync('as the server has it', 1, OP)
    await pg.exec(empty)
    expect(await shown()).toEqual(mine)
  },
)

it('an operation that goes, or moves to another row, leaves the view right', async () => {
  await sync('old', 1)
  await editNote()
  await pg.query('UPDATE sync_operations SET entity_id = $1', [orderedUuid(601)])
  expect(await shown()).toEqual([{ body: 'old', is_pending: false }])
  await pg.query('UPDATE sync_operations SET entity_id = $1', [NOTE])
  expect(await shown()).toEqual(mine)
  await pg.exec('DELETE FROM sync_operations')
  expect(await shown()).toEqual([{ body: 'old', is_pending: false }])
})
