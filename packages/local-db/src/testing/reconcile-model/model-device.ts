import 'fake-indexeddb/auto'
import type { PGlite } from '@electric-sql/pglite'
import type { BatchEnvelope, QueueEntryView } from '@landfall/contract'
import { Outbox } from '@landfall/outbox'
import { uuidv7 } from 'uuidv7'
import type { OperationQueue } from '../../reconcile/operation-queue.ts'
import { reconcileWithQueue } from '../../reconcile/reconcile-with-queue.ts'
import type { ReconcileTarget } from '../../reconcile/written-operation.ts'
import { type BetweenPlan, PAGES, type PagePlan, type WritePlan } from './commands.ts'
import { shownNotes } from './expected-notes.ts'
import { EMPTY_COPY, fallBackTo, keepCopy, type LocalCopy } from './local-copy.ts'
import { ModelServer, type Weather } from './model-server.ts'
import { type Step, Turns } from './turns.ts'

/** What a component wrote, as the operation that the trigger made of it. In the order of writing. */
export interface Intent {
  opId: string
  entityId: string
  action: 'insert' | 'update' | 'delete'
  changes: Record<string, unknown> | null
}

/** A device: one database, one outbox store with a tab each on it, a shape, and a server behind a network. */
export class ModelDevice {
  readonly server = new ModelServer()
  readonly intents: Intent[] = []
  /** Of writes that a page lost together with the database, before anybody was told that they are safe. */
  readonly excused = new Set<string>()
  readonly takenBack = new Set<string>()
  readonly discarded = new Set<string>()
  readonly pg: PGlite
  readonly outboxes: Outbox[]
  readonly #owner = `${uuidv7()}.${uuidv7()}`
  #weathers: Weather[] | 'offline' = 'offline'
  #copy: LocalCopy = EMPTY_COPY
  #position = 0
  /** The database has fallen back, and nobody has brought it up to date since. */
  #isBehind = false

  constructor(pg: PGlite) {
    this.pg = pg
    setNavigator(false)
    const queue = { queue: this.#owner, tenantId: uuidv7(), kind: 'member', endpoint: '/api/sync/batch' } as const
    this.outboxes = Array.from(
      { length: PAGES },
      () => new Outbox({ ...queue, fetch: (_input, init) => this.#answer(init), random: () => 0 }),
    )
  }

  async close(): Promise<void> {
    setNavigator(undefined)
    await Promise.all(this.outboxes.map((outbox) => outbox.close()))
    await fallBackTo(this.pg, EMPTY_COPY)
  }

  async write(writes: readonly WritePlan[]): Promise<void> {
    const transactionId = uuidv7()
    await this.pg.transaction(async (tx) => {
      await tx.query(`SELECT set_config('landfall.transaction_id', $1, true)`, [transactionId])
      for (const { kind, row, body } of writes) {
        const ids = (await tx.query<{ id: string }>('SELECT id FROM notes ORDER BY id')).rows
        const id = ids.length === 0 || kind === 'insert' ? uuidv7() : (ids[row % ids.length]?.id ?? '')
        const text = `body ${body}`
        if (ids.length === 0 || kind === 'insert') {
          await tx.query('INSERT INTO notes (id, lead_id, body) VALUES ($1, $1, $2)', [id, text])
        } else if (kind === 'update') await tx.query('UPDATE notes SET body = $2 WHERE id = $1', [id, text])
        else await tx.query('DELETE FROM notes WHERE id = $1', [id])
      }
    })
    const { rows } = await this.pg.query<{
      op_id: string
      entity_id: string
      action: Intent['action']
      changes: Intent['changes']
    }>('SELECT op_id, entity_id, action, changes FROM sync_operations WHERE transaction_id = $1 ORDER BY place', [
      transactionId,
    ])
    for (const { op_id, entity_id, action, changes } of rows) {
      this.intents.push({ opId: op_id, entityId: entity_id, action, changes })
    }
  }

  /** Pages that reconcile side by side; `between` is written before the given step of all. */
  async reconcile(
    pages: readonly PagePlan[],
    turns: readonly number[] = [0],
    between: BetweenPlan | null = null,
  ): Promise<void> {
    let turn = 0
    const line = new Turns(() => turns[turn++ % turns.length] ?? 0)
    let steps = 0
    const ends = await Promise.all(
      pages.map(({ page, crash }) =>
        line.run(page, crash, (step) => {
          const counted: Step = async (effect) => {
            return step(async () => {
              if (between && steps === between.atStep) await this.write(between.writes)
              steps += 1
              return effect()
            })
          }
          return reconcileWithQueue(this.#target(counted), this.#queue(page, counted), this.#owner, () => [])
        }),
      ),
    )
    if (!ends.includes('closed')) this.#isBehind = false
  }

  async deliver(page: number, weathers: readonly Weather[]): Promise<void> {
    this.#weathers = [...weathers]
    setNavigator(true)
    await this.outboxes[page]?.flush({ urgency: 'now' })
    this.#weathers = 'offline'
    setNavigator(false)
    await this.#settle()
  }

  /** Each transaction of the server in one of ours, with its number. */
  async arrive(transactions: number): Promise<void> {
    for (let count = 0; count < transactions; count += 1) {
      const first = this.server.changes[this.#position]
      if (!first) return
      const changes = this.server.changes.filter(({ txid }) => txid === first.txid)
      await this.pg.transaction(async (tx) => {
        for (const { id, note } of changes) {
          await tx.query('DELETE FROM notes_synced WHERE id = $1', [id])
          if (note) await tx.query(INSERT_SYNCED, [id, note.leadId, note.body, note.version, note.writeId])
        }
        await tx.query(`INSERT INTO seen_txids (shape, txid) VALUES ('notes', $1) ON CONFLICT DO NOTHING`, [first.txid])
      })
      this.#position += changes.length
    }
  }

  async refetch(): Promise<void> {
    await this.pg.transaction(async (tx) => {
      await tx.query('DELETE FROM notes_synced')
      for (const [id, note] of this.server.notes) {
        await tx.query(INSERT_SYNCED, [id, note.leadId, note.body, note.version, note.writeId])
      }
      for (const txid of new Set(this.server.changes.map((change) => change.txid))) {
        await tx.query(`INSERT INTO seen_txids (shape, txid) VALUES ('notes', $1) ON CONFLICT DO NOTHING`, [txid])
      }
    })
    this.#position = this.server.changes.length
  }

  async takeBack(page: number, entry: number): Promise<void> {
    const waiting = (await this.entries()).filter(({ state }) => state === 'queued')
    const one = waiting[entry % Math.max(1, waiting.length)]
    if (!one) return
    // One of a group would tear it: all of them, or none.
    const together = waiting.filter(({ opId, groupId }) => opId === one.opId || (groupId && groupId === one.groupId))
    const ids = together.map(({ opId }) => opId)
    if (await this.outboxes[page]?.withdrawUnsent(ids)) for (const opId of ids) this.takenBack.add(opId)
  }

  async keepCopy(): Promise<void> {
    this.#copy = await keepCopy(this.pg, this.#position)
  }

  async fallBack(isEmpty: boolean): Promise<void> {
    const { rows } = await this.pg.query<{ op_id: string }>(`SELECT op_id FROM sync_operations WHERE state = 'written'`)
    const copy = isEmpty ? EMPTY_COPY : this.#copy
    await fallBackTo(this.pg, copy)
    this.#position = copy.position
    this.#isBehind = true
    const there = await this.pg.query<{ op_id: string }>('SELECT op_id FROM sync_operations')
    const known = await this.whereabouts(rows.map(({ op_id }) => op_id))
    const kept = new Set([...there.rows.map(({ op_id }) => op_id), ...known.keys()])
    for (const { op_id } of rows) if (!kept.has(op_id)) this.excused.add(op_id)
  }

  /** Where operations are that the outbox holds or held: their own id, what took their place, or null for nothing. */
  async whereabouts(opIds: readonly string[]): Promise<Map<string, string | null>> {
    const { entries, superseded } = (await this.outboxes[0]?.readSnapshot(opIds)) ?? { entries: [], superseded: [] }
    const held = entries.map(({ opId }): [string, string] => [opId, opId])
    return new Map([...superseded.map(({ opId, by }): [string, string | null] => [opId, by]), ...held])
  }

  async entries(): Promise<QueueEntryView[]> {
    return (await this.outboxes[0]?.readSnapshot())?.entries ?? []
  }

  /** What waits in the outbox and is not shown, which nobody would understand. */
  async missing(): Promise<string[]> {
    if (this.#isBehind) return []
    const { rows } = await this.pg.query<{ op_id: string }>('SELECT op_id FROM sync_operations')
    const shown = new Set(rows.map(({ op_id }) => op_id))
    const waiting = (await this.entries()).filter(({ state }) => state === 'queued' || state === 'sending')
    return waiting.map(({ opId }) => opId).filter((opId) => !shown.has(opId))
  }

  shown = () => shownNotes(this.pg)

  /** What an outbox begins by itself after a change must be over before the next step, or no seed decides. */
  async #settle(): Promise<void> {
    for (const outbox of this.outboxes) await outbox.flush()
  }

  #target(step: Step): ReconcileTarget {
    return { query: (sql, params) => step(() => this.pg.query(sql, params)) }
  }

  #queue(page: number, step: Step): OperationQueue {
    const outbox = this.outboxes[page] as Outbox
    const settled = <T>(effect: () => Promise<T>) =>
      step(async () => {
        const result = await effect()
        await this.#settle()
        return result
      })
    return {
      readSnapshot: (about) => step(() => outbox.readSnapshot(about)),
      put: (...given) => settled(() => outbox.put(...given)),
      replaceUnsent: (given) => settled(() => outbox.replaceUnsent(given)),
      withdrawUnsent: (opIds) => settled(() => outbox.withdrawUnsent(opIds)),
      rewriteUnsent: outbox.rewriteUnsent,
      discard: (opId) => outbox.discard(opId),
      problemsOf: (opId) => outbox.problemsOf(opId),
      subscribe: outbox.subscribe,
      flush: (options) => outbox.flush(options),
    }
  }

  async #answer(init: RequestInit | undefined): Promise<Response> {
    if (this.#weathers === 'offline') throw new TypeError('Failed to fetch')
    const weather = this.#weathers.shift() ?? 'fine'
    const { operations } = JSON.parse(String(init?.body)) as BatchEnvelope
    const results = this.server.receive(operations, weather)
    if (weather === 'answer-lost') throw new TypeError('Failed to fetch')
    return Response.json({ protocol: 1, requestId: 'model', serverTime: new Date(0).toISOString(), results })
  }
}

const INSERT_SYNCED = 'INSERT INTO notes_synced (id, lead_id, body, version, write_id) VALUES ($1, $2, $3, $4, $5)'

function setNavigator(isOnline: boolean | undefined): void {
  Object.defineProperty(globalThis.navigator, 'onLine', { value: isOnline, configurable: true })
}
