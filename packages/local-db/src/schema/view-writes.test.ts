import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryDatabase, emptyMemoryDatabase } from '../testing/memory-database.ts'
import { orderedUuid } from '../testing/queue-entry.ts'
import { putOperation } from '../testing/sync-operation.ts'

const LEAD = orderedUuid(500)
const NOTE = orderedUuid(600)
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let pg: PGlite
beforeAll(async () => {
  pg = await createMemoryDatabase()
})
beforeEach(async () => {
  await emptyMemoryDatabase(pg)
  await pg.exec(`INSERT INTO local_owner (owner) VALUES ('acme.ann')`)
})
afterAll(() => pg.close())

const syncLead = (columns: Record<string, unknown> = {}) =>
  pg.query(`INSERT INTO leads_synced SELECT * FROM jsonb_populate_record(NULL::leads_synced, $1)`, [
    { id: LEAD, status: 'new', values: { name: 'Ada', phone: '1' }, version: 3, ...columns },
  ])
const syncNote = (columns: Record<string, unknown> = {}) =>
  pg.query(`INSERT INTO notes_synced SELECT * FROM jsonb_populate_record(NULL::notes_synced, $1)`, [
    { id: NOTE, lead_id: LEAD, author_id: 'bob', body: 'old', version: 2, ...columns },
  ])
const operations = async () =>
  (await pg.query<Record<string, unknown>>('SELECT * FROM sync_operations ORDER BY place')).rows
const changes = async () => (await operations()).map((operation) => operation.changes)
const addNote = (body: string, id = NOTE) =>
  pg.query(`INSERT INTO notes (id, lead_id, body) VALUES ($1, $2, $3)`, [id, LEAD, body])

describe('an INSERT', () => {
  it('is shown at once, with what only the server will know as the device knows it', async () => {
    const { rows, affectedRows } = await pg.query(
      `INSERT INTO notes (id, lead_id, body) VALUES ($1, $2, 'hello') RETURNING *`,
      [NOTE, LEAD],
    )
    const [operation] = await operations()
    const captured = operation?.captured_at
    expect(affectedRows).toBe(1)
    expect(rows).toEqual([
      {
        id: NOTE,
        lead_id: LEAD,
        author_id: 'ann',
        body: 'hello',
        created_at: captured,
        updated_at: captured,
        version: 0,
        write_id: null,
        _has_local_changes: true,
        _pending_write_id: operation?.op_id,
      },
    ])
    expect((await pg.query('SELECT * FROM notes')).rows).toEqual(rows)
  })

  it('leaves an operation with the keys of the model', async () => {
    await addNote('hello')
    expect(await operations()).toMatchObject([
      {
        op_id: expect.stringMatching(UUID_V7),
        transaction_id: expect.stringMatching(UUID_V7),
        entity: 'note',
        entity_id: NOTE,
        action: 'insert',
        state: 'written',
        label: 'note insert',
        changes: { leadId: LEAD, body: 'hello' },
        base_version: null,
        attempts: 0,
      },
    ])
  })

  it('makes an id where none is given', async () => {
    const { rows } = await pg.query<{ id: string }>(`INSERT INTO notes (lead_id, body) VALUES ($1, 'x') RETURNING id`, [
      LEAD,
    ])
    expect(rows[0]?.id).toMatch(UUID_V7)
  })

  it.each([
    ['is shown', () => syncNote()],
    ['was written here', () => addNote('first')],
    [
      'was deleted here',
      async () => {
        await syncNote()
        await pg.exec('DELETE FROM notes')
      },
    ],
  ])('of an id that %s is refused as a duplicate', async (_, before) => {
    await before()
    await expect(addNote('again')).rejects.toMatchObject({ code: '23505' })
  })

  it('of an id whose insert was not accepted is taken', async () => {
    await putOperation(pg, { op_id: orderedUuid(1), entity: 'note', entity_id: NOTE, action: 'insert', state: 'dead' })
    await addNote('again')
    expect((await pg.query('SELECT body FROM notes')).rows).toEqual([{ body: 'again' }])
  })

  it.each([
    ['author_id', `'bob'`],
    ['version', '1'],
    ['write_id', 'uuidv7()'],
    ['_has_local_changes', 'false'],
  ])('that gives %s is refused, and says so', async (column, value) => {
    const insert = pg.query(`INSERT INTO notes (lead_id, body, ${column}) VALUES ($1, 'x', ${value})`, [LEAD])
    await expect(insert).rejects.toMatchObject({ code: 'LF002', column, message: expect.stringContaining(column) })
    expect(await operations()).toEqual([])
  })

  it('without a value that the server asks for is refused', async () => {
    const insert = pg.query(`INSERT INTO notes (lead_id) VALUES ($1)`, [LEAD])
    await expect(insert).rejects.toMatchObject({ code: '23502', column: 'body' })
  })
})

describe('an UPDATE', () => {
  it('sends only what changed, and is shown at once', async () => {
    await syncLead()
    const { rows, affectedRows } = await pg.query(
      `UPDATE leads SET status = 'won', "values" = "values" WHERE id = $1 RETURNING status, _has_local_changes`,
      [LEAD],
    )
    expect(affectedRows).toBe(1)
    expect(rows).toEqual([{ status: 'won', _has_local_changes: true }])
    expect(await operations()).toMatchObject([
      { entity: 'lead', action: 'update', changes: { status: 'won' }, base_version: 3 },
    ])
  })

  it('sends the changed keys of an object, and those that go as empty', async () => {
    await syncLead()
    await pg.exec(`UPDATE leads SET "values" = '{"name": "Ada L.", "email": "a@example.com"}'`)
    expect(await changes()).toEqual([{ values: { name: 'Ada L.', email: 'a@example.com', phone: '' } }])
    expect((await pg.query('SELECT "values" FROM leads')).rows).toEqual([
      { values: { name: 'Ada L.', email: 'a@example.com' } },
    ])
  })

  it('leaves to others the keys that it did not touch', async () => {
    await syncLead()
    await pg.exec(`UPDATE leads SET "values" = jsonb_set("values", '{name}', '"Ada L."')`)
    await pg.exec(`UPDATE leads_synced SET "values" = '{"name": "Ada", "phone": "2"}', version = 4`)
    expect((await pg.query('SELECT "values" FROM leads')).rows).toEqual([{ values: { name: 'Ada L.', phone: '2' } }])
  })

  it('that changes nothing matches its row and writes nothing', async () => {
    await syncLead()
    const same = await pg.query(
      `UPDATE leads SET status = 'new', "values" = '{"phone": "1", "name": "Ada", "empty": "", "off": false}'`,
    )
    expect(same.affectedRows).toBe(1)
    expect(await operations()).toEqual([])
    expect((await pg.query('SELECT _has_local_changes FROM leads')).rows).toEqual([{ _has_local_changes: false }])
  })

  it('back to the first value is a write too: the one before may have been sent', async () => {
    await syncLead()
    await pg.exec(`UPDATE leads SET status = 'won'`)
    await pg.exec(`UPDATE leads SET status = 'new'`)
    expect(await changes()).toEqual([{ status: 'won' }, { status: 'new' }])
    expect((await pg.query('SELECT status FROM leads')).rows).toEqual([{ status: 'new' }])
  })

  it('of a row that is not shown matches nothing', async () => {
    const update = await pg.query(`UPDATE notes SET body = 'x' WHERE id = $1 RETURNING id`, [NOTE])
    expect(update).toMatchObject({ affectedRows: 0, rows: [] })
    expect(await operations()).toEqual([])
  })

  it('starts from the version that the last delivered write made', async () => {
    await syncLead()
    const delivered = { op_id: orderedUuid(1), entity: 'lead', entity_id: LEAD, action: 'update', state: 'delivered' }
    await putOperation(pg, { ...delivered, changes: { status: 'won' }, version: 7, txid: 70 })
    await pg.exec(`UPDATE leads SET status = 'lost'`)
    expect(await operations()).toMatchObject([{}, { base_version: 7 }])
  })

  it('of a row that is not on the server yet starts from the version that it will have', async () => {
    await addNote('a')
    await pg.exec(`UPDATE notes SET body = 'b'`)
    expect(await operations()).toMatchObject([{ action: 'insert' }, { changes: { body: 'b' }, base_version: 1 }])
    expect((await pg.query('SELECT body, author_id FROM notes')).rows).toEqual([{ body: 'b', author_id: 'ann' }])
  })

  it.each([
    ['leads', 'form_id', `'f_other'`],
    ['leads', 'version', '9'],
    ['leads', 'id', 'uuidv7()'],
    ['leads', '_pending_write_id', 'uuidv7()'],
    ['notes', 'lead_id', 'uuidv7()'],
  ])('of %s that changes %s is refused, and says so', async (view, column, value) => {
    await syncLead()
    await syncNote()
    const update = pg.query(`UPDATE ${view} SET ${column} = ${value}`)
    await expect(update).rejects.toMatchObject({ code: 'LF002', column, message: expect.stringContaining(view) })
    expect(await operations()).toEqual([])
  })

  it.each([
    ['"values"', `'["a"]'`, 'LF004'],
    ['"values"', 'NULL', '23502'],
    ['status', 'NULL', '23502'],
  ])('of %s to %s is refused', async (column, value, code) => {
    await syncLead()
    await expect(pg.query(`UPDATE leads SET ${column} = ${value}`)).rejects.toMatchObject({ code })
  })

  it('of a lead that its visitor took back is refused', async () => {
    await syncLead({ status: 'withdrawn' })
    await expect(pg.query(`UPDATE leads SET status = 'won'`)).rejects.toMatchObject({ code: 'LF003' })
  })
})

describe('a DELETE', () => {
  it('takes the row away and leaves an operation', async () => {
    await syncNote()
    const deleted = await pg.query('DELETE FROM notes WHERE id = $1 RETURNING id, body', [NOTE])
    expect(deleted).toMatchObject({ affectedRows: 1, rows: [{ id: NOTE, body: 'old' }] })
    expect((await pg.query('SELECT * FROM notes')).rows).toEqual([])
    expect(await operations()).toMatchObject([
      { entity: 'note', entity_id: NOTE, action: 'delete', changes: null, base_version: 2 },
    ])
  })

  it('of a row that was just inserted shows nothing', async () => {
    await addNote('a')
    expect((await pg.query('DELETE FROM notes')).affectedRows).toBe(1)
    expect((await pg.query('DELETE FROM notes')).affectedRows).toBe(0)
    expect((await pg.query('SELECT * FROM notes')).rows).toEqual([])
  })
})

it.each([
  ['leads', 'INSERT', `INSERT INTO leads (status) VALUES ('new')`],
  ['leads', 'DELETE', 'DELETE FROM leads'],
  ['members', 'INSERT', `INSERT INTO members (id) VALUES ('x')`],
  ['forms', 'UPDATE', `UPDATE forms SET title = 'x'`],
  ['form_versions', 'DELETE', 'DELETE FROM form_versions'],
])('%s take no %s', async (view, action, statement) => {
  await syncLead()
  await pg.exec(`INSERT INTO forms_synced (id) VALUES ('f'); INSERT INTO form_versions_synced VALUES ('f', 1)`)
  const refusal = { code: 'LF005', message: `rows of "${view}" take no ${action}` }
  await expect(pg.query(statement)).rejects.toMatchObject(refusal)
})

describe('a transaction', () => {
  it('gives all that it writes one id, and the next another', async () => {
    await syncLead()
    await pg.transaction(async (tx) => {
      await tx.query(`UPDATE leads SET status = 'won'`)
      await tx.query(`INSERT INTO notes (id, lead_id, body) VALUES ($1, $2, 'x')`, [NOTE, LEAD])
    })
    await pg.query(`UPDATE notes SET body = 'y'`)
    const ids = (await operations()).map((operation) => operation.transaction_id)
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[1])
  })

  it('names its writes where it says how, and names no others', async () => {
    await syncLead()
    await pg.transaction(async (tx) => {
      await tx.query(`SELECT set_config('landfall.label', 'Lead won', true)`)
      await tx.query(`UPDATE leads SET status = 'won'`)
    })
    await pg.query(`UPDATE leads SET status = 'lost'`)
    expect((await operations()).map((operation) => operation.label)).toEqual(['Lead won', 'lead update'])
  })

  it('starts from the version that its writer had seen, where that is known, and else from the one that is shown', async () => {
    await syncLead()
    await pg.query('UPDATE leads_synced SET version = 3')
    await pg.transaction(async (tx) => {
      await tx.query(`SELECT set_config('landfall.seen_version', '2', true)`)
      await tx.query(`UPDATE leads SET status = 'won'`)
    })
    await pg.query(`UPDATE leads SET status = 'lost'`)
    expect((await operations()).map((operation) => operation.base_version)).toEqual([2, 3])
  })

  it('that is rolled back leaves nothing, neither shown nor to be sent', async () => {
    await syncLead()
    await pg.transaction(async (tx) => {
      await tx.query(`UPDATE leads SET status = 'won'`)
      await tx.rollback()
    })
    expect(await operations()).toEqual([])
    expect((await pg.query('SELECT status, _has_local_changes FROM leads')).rows).toEqual([
      { status: 'new', _has_local_changes: false },
    ])
  })

  it('keeps one id over a savepoint that is rolled back', async () => {
    await syncLead()
    await pg.exec(`
      BEGIN;
      SAVEPOINT first; UPDATE leads SET status = 'won'; ROLLBACK TO first;
      UPDATE leads SET status = 'lost';
      SAVEPOINT second; UPDATE leads SET status = 'won'; ROLLBACK TO second;
      UPDATE leads SET status = 'spam';
      COMMIT;
    `)
    const written = await operations()
    expect(written.map((operation) => operation.changes)).toEqual([{ status: 'lost' }, { status: 'spam' }])
    expect(new Set(written.map((operation) => operation.transaction_id)).size).toBe(1)
  })

  it('writes a hundred rows, and as a whole nothing when it writes more', async () => {
    const addMany = (count: number) =>
      pg.query(`INSERT INTO notes (lead_id, body) SELECT $1, 'note ' || n FROM generate_series(1, ${count}) AS n`, [
        LEAD,
      ])
    await expect(addMany(101)).rejects.toMatchObject({ code: 'LF001', message: expect.stringContaining('100') })
    expect(await operations()).toEqual([])
    await addMany(100)
    await addMany(1)
    expect(await operations()).toHaveLength(101)
  })

  it('puts what it writes behind everything that is there', async () => {
    await syncLead()
    const queued = { entity: 'lead', entity_id: LEAD, action: 'update', state: 'queued' }
    await putOperation(pg, { ...queued, op_id: orderedUuid(1), place: 41, changes: { status: 'won' } })
    await pg.exec(`UPDATE leads SET status = 'lost'`)
    expect((await operations()).map((operation) => operation.place)).toEqual([41, 42])
    // Another tab's operations get places in the outbox meanwhile.
    await putOperation(pg, { ...queued, op_id: orderedUuid(2), place: 50, changes: { status: 'spam' } })
    expect((await pg.query('SELECT status FROM leads')).rows).toEqual([{ status: 'lost' }])
  })
})
