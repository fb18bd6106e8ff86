import { env } from 'node:process'
import type { PGlite } from '@electric-sql/pglite'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryDatabase, emptyMemoryDatabase } from '../testing/memory-database.ts'
import { orderedUuid } from '../testing/queue-entry.ts'
import { putOperation } from '../testing/sync-operation.ts'
import { type ModelOperation, type ModelRow, shownRows, type ViewModel } from '../testing/view-model.ts'

/** More of them with LANDFALL_VIEW_RUNS; a failure prints the seed and the shortest sequence. */
const RUNS = Number(env.LANDFALL_VIEW_RUNS ?? 60)

const IDS = [orderedUuid(501), orderedUuid(502)]
const LEAD_OF_NOTES = orderedUuid(400)
const TXIDS = 3

let pg: PGlite
beforeAll(async () => {
  pg = await createMemoryDatabase()
})
afterAll(() => pg.close())

const id = fc.constantFrom(...IDS)
const entity = fc.constantFrom('lead' as const, 'note' as const)
const word = fc.constantFrom('a', 'b', 'c')
const values = fc.dictionary(fc.constantFrom('name', 'phone', 'mail'), word, { maxKeys: 3 })
const status = fc.constantFrom('new', 'new', 'won', 'won', 'lost', 'lost', 'withdrawn')
const version = fc.integer({ min: 1, max: 6 })
const pick = fc.nat({ max: 99 })
const txid = fc.integer({ min: 1, max: TXIDS })

const syncedRow = fc.record({ id, version, status, values, body: word, writer: fc.option(pick, { freq: 2 }) })

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('insert note' as const), id, body: word }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit note' as const), id, body: word }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete note' as const), id }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edit lead' as const), id, status, values }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('transfer' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      pick,
      version: fc.option(version, { freq: 3 }),
      txid: fc.option(txid),
      kept: fc.option(word, { freq: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), pick }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('arrive' as const), entity, row: syncedRow }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('come back' as const), pick, row: syncedRow }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), entity, id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('see' as const), txid }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('refetch' as const),
      entity,
      rows: fc.uniqueArray(syncedRow, { selector: (row) => row.id, maxLength: 3 }),
      how: fc.constantFrom('DELETE FROM', 'TRUNCATE'),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const TABLES = { lead: 'leads_synced', note: 'notes_synced' } as const

/** One run: the database beside its model. */
class Run {
  readonly model: ViewModel = { synced: { lead: new Map(), note: new Map() }, operations: [], seenTxids: new Set() }
  #place = 0

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'insert note':
        return this.#insertNote(step.id, step.body)
      case 'edit note': {
        await this.#write(pg.query('UPDATE notes SET body = $1 WHERE id = $2', [step.body, step.id]))
        const { rows } = await pg.query('SELECT body FROM notes WHERE id = $1', [step.id])
        for (const row of rows) expect(row).toEqual({ body: step.body })
        return
      }
      case 'delete note':
        return this.#write(pg.query('DELETE FROM notes WHERE id = $1', [step.id]))
      case 'edit lead': {
        if (this.model.synced.lead.get(step.id)?.status === 'withdrawn') return
        const { rows } = await pg.query<{ values: Record<string, string> }>(
          'SELECT "values" FROM leads WHERE id = $1',
          [step.id],
        )
        const next = { ...rows[0]?.values, ...step.values }
        const update = 'UPDATE leads SET status = $1, "values" = $2 WHERE id = $3'
        await this.#write(pg.query(update, [step.status, next, step.id]))
        const shown = await pg.query('SELECT status, "values" FROM leads WHERE id = $1', [step.id])
        for (const row of shown.rows) expect(row).toEqual({ status: step.status, values: next })
        return
      }
      case 'transfer':
        for (const operation of this.model.operations.filter(({ state }) => state === 'written')) {
          operation.state = 'queued'
          await this.#put(operation, ++this.#place)
        }
        return
      case 'send':
        return this.#move(step.pick, ['queued'], (operation) => {
          operation.state = 'sending'
        })
      case 'deliver':
        return this.#move(step.pick, ['queued', 'sending'], (operation) => {
          operation.state = 'delivered'
          operation.version = step.version
          // One of both is always told.
          operation.txid = step.version === null ? (step.txid ?? 1) : step.txid
          operation.kept = step.kept === null || operation.action === 'insert' ? null : keptOf(operation, step.kept)
        })
      case 'die':
        return this.#move(step.pick, ['queued', 'sending'], (operation) => {
          operation.state = 'dead'
        })
      case 'forget': {
        const settled = this.model.operations.filter(({ state }) => state === 'delivered' || state === 'dead')
        const gone = settled[step.pick % settled.length]
        if (!gone) return
        this.model.operations = this.model.operations.filter((operation) => operation !== gone)
        await pg.query('DELETE FROM sync_operations WHERE op_id = $1', [gone.opId])
        return
      }
      case 'arrive':
        return this.#sync(step.entity, this.#rowOf(step.entity, step.row))
      case 'come back': {
        const sent = this.model.operations.filter(({ state }) => state !== 'written' && state !== 'dead')
        const operation = sent[step.pick % sent.length]
        if (!operation) return
        const row = this.#rowOf(operation.entity, { ...step.row, id: operation.id })
        return this.#sync(operation.entity, { ...row, writeId: operation.opId })
      }
      case 'leave':
        this.model.synced[step.entity].delete(step.id)
        await pg.query(`DELETE FROM ${TABLES[step.entity]} WHERE id = $1`, [step.id])
        return
      case 'see':
        this.model.seenTxids.add(step.txid)
        await pg.query(
          `INSERT INTO seen_txids (shape, txid) VALUES ('leads', $1), ('notes', $1) ON CONFLICT DO NOTHING`,
          [step.txid],
        )
        return
      case 'refetch': {
        const rows = step.rows.map((row) => this.#rowOf(step.entity, row))
        await pg.transaction(async (tx) => {
          await tx.exec(`${step.how} ${TABLES[step.entity]}`)
          for (const row of rows) await insertSynced(tx, step.entity, row)
        })
        this.model.synced[step.entity] = new Map(rows.map((row) => [row.id, row]))
      }
    }
  }

  async check(): Promise<void> {
    const leads = await pg.query(
      `SELECT id, status, "values", _pending_write_id AS "pendingWriteId" FROM leads ORDER BY id`,
    )
    expect(leads.rows).toEqual(shownRows(this.model, 'lead'))
    const notes = await pg.query(`SELECT id, body, _pending_write_id AS "pendingWriteId" FROM notes ORDER BY id`)
    expect(notes.rows).toEqual(
      shownRows(this.model, 'note').map(({ id, body, pendingWriteId }) => ({ id, body, pendingWriteId })),
    )
    const { rows } = await pg.query('SELECT FROM leads WHERE _has_local_changes <> (_pending_write_id IS NOT NULL)')
    expect(rows).toEqual([])
  }

  async #insertNote(noteId: string, body: string): Promise<void> {
    const insert = pg.query('INSERT INTO notes (id, lead_id, body) VALUES ($1, $2, $3)', [noteId, LEAD_OF_NOTES, body])
    // Whether the id is free is told by other tests; here it must not be shown twice.
    await this.#write(
      insert.catch((error: { code?: string }) => {
        if (error.code !== '23505') throw error
      }),
    )
  }

  /** What a statement should write follows from the view before it, so the operation itself is taken from the table. */
  async #write(statement: Promise<unknown>): Promise<void> {
    await statement
    const known = this.model.operations.map(({ opId }) => opId)
    const { rows } = await pg.query<Pick<ModelOperation, 'opId' | 'entity' | 'id' | 'action' | 'state' | 'changes'>>(
      `SELECT op_id AS "opId", entity, entity_id AS id, action, state, changes FROM sync_operations
      WHERE op_id <> ALL ($1)`,
      [known],
    )
    for (const row of rows) this.model.operations.push({ ...row, version: null, txid: null, kept: null })
  }

  async #move(at: number, from: ModelOperation['state'][], change: (operation: ModelOperation) => void): Promise<void> {
    const candidates = this.model.operations.filter(({ state }) => from.includes(state))
    const operation = candidates[at % candidates.length]
    if (!operation) return
    change(operation)
    await this.#put(operation, null)
  }

  async #put(operation: ModelOperation, place: number | null): Promise<void> {
    const { opId, entity, id, action, state, changes, version, txid, kept } = operation
    const held = await pg.query<{ place: number }>('SELECT place FROM sync_operations WHERE op_id = $1', [opId])
    const conflict =
      kept && Object.fromEntries(Object.entries(kept).map(([field, value]) => [field, { kept: value, lost: 'x' }]))
    await putOperation(pg, {
      op_id: opId,
      place: place ?? held.rows[0]?.place ?? 0,
      entity,
      entity_id: id,
      action,
      state,
      changes,
      version,
      txid,
      conflict,
    })
  }

  async #sync(entity: 'lead' | 'note', row: ModelRow): Promise<void> {
    const isHere = this.model.synced[entity].has(row.id)
    this.model.synced[entity].set(row.id, row)
    if (!isHere) return insertSynced(pg, entity, row)
    const columns = entity === 'lead' ? 'status = $4, "values" = $5' : 'body = $4'
    const given = entity === 'lead' ? [row.status, row.values] : [row.body]
    await pg.query(`UPDATE ${TABLES[entity]} SET version = $2, write_id = $3, ${columns} WHERE id = $1`, [
      row.id,
      row.version,
      row.writeId,
      ...given,
    ])
  }

  /** A row as the server may have it: written last by one of our operations on it, or by somebody else. */
  #rowOf(entity: 'lead' | 'note', given: typeof syncedRow extends fc.Arbitrary<infer T> ? T : never): ModelRow {
    const ours = this.model.operations.filter(
      (op) => op.entity === entity && op.id === given.id && op.state !== 'written',
    )
    const writeId = given.writer === null ? null : (ours[given.writer % ours.length]?.opId ?? null)
    const base = { id: given.id, version: given.version, writeId }
    return entity === 'lead' ? { ...base, status: given.status, values: given.values } : { ...base, body: given.body }
  }
}

function keptOf({ action, entity, changes }: ModelOperation, kept: string): Record<string, string> {
  if (action === 'delete') return entity === 'note' ? { body: kept } : {}
  const { values, ...others } = (changes ?? {}) as { values?: Record<string, string> }
  const fields = [...Object.keys(others), ...Object.keys(values ?? {}).map((key) => `values.${key}`)]
  // The first field met somebody else's edit.
  return Object.fromEntries(fields.slice(0, 1).map((field) => [field, kept]))
}

async function insertSynced(target: Pick<PGlite, 'query'>, entity: 'lead' | 'note', row: ModelRow): Promise<void> {
  const { id, version, writeId, status = null, values = null, body = null } = row
  await (entity === 'lead'
    ? target.query('INSERT INTO leads_synced (id, version, write_id, status, "values") VALUES ($1, $2, $3, $4, $5)', [
        id,
        version,
        writeId,
        status,
        values,
      ])
    : target.query('INSERT INTO notes_synced (id, version, write_id, lead_id, body) VALUES ($1, $2, $3, $4, $5)', [
        id,
        version,
        writeId,
        LEAD_OF_NOTES,
        body,
      ]))
}

it('the views always show what the server has under what waits', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 50, size: 'max' }), async (steps) => {
      await emptyMemoryDatabase(pg)
      const run = new Run()
      for (const taken of steps) {
        await run.take(taken)
        await run.check()
      }
    }),
    { numRuns: RUNS },
  )
}, 600_000)
