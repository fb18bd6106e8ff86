import type { PGlite } from '@electric-sql/pglite'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { leads, notes } from '../../schema/generated/tables.ts'
import { FakeQueue } from '../../testing/fake-queue.ts'
import { memoryHost } from '../../testing/memory-access.ts'
import { createMemoryDatabase } from '../../testing/memory-database.ts'
import { simpleReconciler } from '../../testing/simple-reconciler.ts'
import type { Connection } from '../connection.ts'
import { ConnectionKeeper } from '../connection-keeper.ts'
import { type Access, createAccess } from '../create-access.ts'
import type { WriteTransaction } from '../session/local-drizzle.ts'
import {
  NoQueueError,
  NotConfirmedError,
  NotSavedError,
  NotWrittenError,
  OfflineError,
  TransactionTimeoutError,
  WriteRejectedError,
  WriteTakenBackError,
} from './write-errors.ts'
import { Writer } from './writer.ts'

const LEAD = '019a0000-0000-7000-8000-00000000000a'
const OTHER = '019a0000-0000-7000-8000-00000000000b'

let pg: PGlite
let queue: FakeQueue
let host: ReturnType<typeof memoryHost>
let db: Access
let isOnline: boolean

beforeAll(async () => {
  pg = await createMemoryDatabase()
})
afterAll(() => pg.close())
beforeEach(async () => {
  await pg.exec(`
    TRUNCATE sync_operations, local_transactions, leads_synced, leads_local, notes_synced, notes_local;
    INSERT INTO leads_synced (id, form_id, form_version, "values", status, version, captured_at, received_at, updated_at)
    SELECT id::uuid, 'viewing', 1, '{"name": "A"}', 'new', 1, now(), now(), now() FROM unnest(ARRAY['${LEAD}', '${OTHER}']) AS id`)
  queue = new FakeQueue()
  isOnline = true
  host = memoryHost(pg, { queue, reconciler: simpleReconciler(pg, queue), isOnline: () => isOnline })
  db = createAccess(host)
})

const setStatus =
  (status: 'reviewing' | 'won', id = LEAD) =>
  (tx: WriteTransaction) =>
    tx.update(leads).set({ status }).where(eq(leads.id, id))
const statusOf = async (id = LEAD) => {
  const [row] = await db.drizzle.select({ status: leads.status }).from(leads).where(eq(leads.id, id))
  return row?.status
}
const operationCount = async () => (await pg.query('SELECT FROM sync_operations')).rows.length
/** The only operation that the outbox holds. */
const inOutbox = async () => {
  await expect.poll(() => queue.entries.length).toBe(1)
  return queue.entries[0]?.opId ?? ''
}

describe('an optimistic write', () => {
  it('resolves when the outbox has it, with what the work returned and what it wrote', async () => {
    const result = await db.write(
      async (tx) => {
        await setStatus('reviewing')(tx)
        return tx.insert(notes).values({ leadId: LEAD, body: 'Called' }).returning({ id: notes.id, body: notes.body })
      },
      { label: 'Edit a lead' },
    )
    expectTypeOf(result.value).toEqualTypeOf<{ id: string; body: string }[]>()
    expect(result.value).toEqual([{ id: expect.any(String), body: 'Called' }])
    expect(result.operations).toEqual([
      { opId: expect.any(String), entity: 'lead', entityId: LEAD, action: 'update' },
      { opId: expect.any(String), entity: 'note', entityId: result.value[0]?.id, action: 'insert' },
    ])
    expect(queue.entries.map(({ opId, label }) => ({ opId, label }))).toEqual(
      result.operations.map(({ opId }) => ({ opId, label: 'Edit a lead' })),
    )
    expect(await statusOf()).toBe('reviewing')
  })

  it('tells later when the server applied it', async () => {
    const { operations, confirmed } = await db.write(setStatus('won'))
    const opId = operations[0]?.opId ?? ''
    queue.send(opId)
    queue.apply(opId, { txid: 77, version: 2 })
    expect(await confirmed).toEqual([{ opId, txid: 77, version: 2, conflict: null }])
  })

  it('leaves a dead letter when the server refuses it', async () => {
    const { operations, confirmed } = await db.write(setStatus('won'))
    const opId = operations[0]?.opId ?? ''
    queue.reject(opId, 'not_allowed')
    await expect(confirmed).rejects.toMatchObject({ name: 'WriteRejectedError', opId, reason: 'not_allowed' })
    expect(queue.entries).toMatchObject([{ opId, state: 'dead' }])
  })

  it('is confirmed by the write that took its place, and not when nothing did', async () => {
    const first = await db.write(setStatus('reviewing'))
    const second = await db.write(setStatus('won'))
    const [folded, survivor] = [first.operations[0]?.opId ?? '', second.operations[0]?.opId ?? '']
    queue.supersede(folded, survivor)
    queue.apply(survivor, { txid: 5, version: 2 })
    expect(await first.confirmed).toMatchObject([{ opId: folded, txid: 5 }])

    const third = await db.write(setStatus('reviewing', OTHER))
    queue.supersede(third.operations[0]?.opId ?? '', null)
    await expect(third.confirmed).rejects.toThrow(WriteTakenBackError)
  })

  it('that wrote nothing resolves without the outbox', async () => {
    const { value, operations, confirmed } = await db.write(async (tx) => tx.$count(leads))
    expect({ value, operations, confirmed: await confirmed }).toEqual({ value: 2, operations: [], confirmed: [] })
    expect(queue.entries).toEqual([])
  })

  it('is taken back when its work throws, when the outbox is full, and when it is aborted', async () => {
    const refused = db.write(async (tx) => {
      await setStatus('won')(tx)
      throw new Error('no')
    })
    await expect(refused).rejects.toThrow('no')
    queue.failure = new Error('QuotaExceededError')
    await expect(db.write(setStatus('won'))).rejects.toThrow(NotSavedError)
    queue.failure = undefined
    const ending = new AbortController()
    const aborted = db.write(
      async (tx) => {
        await setStatus('won')(tx)
        ending.abort(new Error('left the page'))
        await new Promise(() => {})
      },
      { signal: ending.signal },
    )
    await expect(aborted).rejects.toThrow('left the page')
    expect(await statusOf()).toBe('new')
    expect(await operationCount()).toBe(0)
    expect(queue.entries).toEqual([])
  })

  it('says what Postgres has against it, with its SQLSTATE', async () => {
    const id = '019a0000-0000-7000-8000-0000000000ff'
    const insert = (tx: WriteTransaction) => tx.insert(notes).values({ id, leadId: LEAD, body: 'Twice' })
    await db.write(insert)
    await expect(db.write(insert)).rejects.toMatchObject({ name: 'LocalQueryError', code: '23505' })
    const many = db.write((tx) =>
      tx.insert(notes).values(Array.from({ length: 101 }, (_, n) => ({ leadId: LEAD, body: `Note ${n}` }))),
    )
    await expect(many).rejects.toMatchObject({ name: 'LocalQueryError', code: 'LF001' })
    expect(queue.entries).toHaveLength(1)
  })

  it('does not keep the others waiting for ever', async () => {
    const writer = new Writer(host, new ConnectionKeeper(host), 50)
    await expect(writer.write(() => new Promise(() => {}))).rejects.toThrow(TransactionTimeoutError)
    await db.write(setStatus('won'))
    expect(await statusOf()).toBe('won')
  })

  it('is taken back when the device has no room for its commit, which the engine keeps in memory', async () => {
    const transaction = pg.transaction.bind(pg)
    pg.transaction = async (work) => {
      pg.transaction = transaction
      await transaction(work)
      throw new Error('There is no room left on this device, so this was not stored.')
    }
    await expect(db.write(setStatus('won'))).rejects.toMatchObject({
      name: 'NotSavedError',
      message: expect.stringContaining('no room left'),
    })
    expect(await statusOf()).toBe('new')
    expect(await operationCount()).toBe(0)
  })

  it('is refused in a database that was opened to be read', async () => {
    host.queue = undefined
    await expect(db.write(setStatus('won'))).rejects.toThrow(NoQueueError)
  })
})

describe('a write whose worker ends', () => {
  /** Ends the worker at the commit: before it, or right after it, when the answer is lost. */
  const dieAtCommit = (deaths: number, when: 'before' | 'after') => {
    let left = deaths
    const connection: Connection = {
      query: (sql, params, options) => pg.query(sql, params, options),
      exec: (sql, options) => pg.exec(sql, options),
      execProtocol: (message, options) => pg.execProtocol(message, options),
      async transaction(work) {
        if (left === 0) return pg.transaction(work)
        left--
        const lost = new Error('Leader changed, pending operation in indeterminate state')
        const dying = pg.transaction(async (tx) => {
          await work(tx)
          if (when === 'before') throw lost
        })
        await dying.catch(() => {})
        throw lost
      },
    }
    host.pg = async () => connection
  }

  it('is not done again when it was committed', async () => {
    dieAtCommit(1, 'after')
    let runs = 0
    const { operations } = await db.write(async (tx) => {
      runs++
      await tx.insert(notes).values({ leadId: LEAD, body: 'Once' })
    })
    expect(runs).toBe(1)
    expect(await db.drizzle.select({ body: notes.body }).from(notes)).toEqual([{ body: 'Once' }])
    expect(queue.entries.map(({ opId }) => opId)).toEqual(operations.map(({ opId }) => opId))
  })

  it('is done again when it was not', async () => {
    dieAtCommit(2, 'before')
    const { operations } = await db.write((tx) => tx.insert(notes).values({ leadId: LEAD, body: 'Once' }))
    expect(await db.drizzle.select({ body: notes.body }).from(notes)).toEqual([{ body: 'Once' }])
    expect(queue.entries.map(({ opId }) => opId)).toEqual(operations.map(({ opId }) => opId))
  })

  it('counts as committed when the outbox has it, though the database was made anew', async () => {
    dieAtCommit(1, 'after')
    let runs = 0
    const write = db.write(async (tx) => {
      runs++
      await tx.insert(notes).values({ leadId: LEAD, body: 'Once' })
    })
    const readSnapshot = queue.readSnapshot.bind(queue)
    queue.readSnapshot = async (about) => {
      // Another tab handed it over meanwhile, and then the database was set aside.
      queue.readSnapshot = readSnapshot
      await host.reconciler?.reconcileNow()
      return readSnapshot(about)
    }
    const query = pg.query.bind(pg)
    pg.query = (sql, ...rest) => query(sql.replace('FROM local_transactions', '$& JOIN pg_class ON false'), ...rest)
    await write
    expect(runs).toBe(1)
  })

  it('gives up after some attempts, and then nothing is written', async () => {
    dieAtCommit(99, 'before')
    await expect(db.write(setStatus('won'))).rejects.toThrow(NotWrittenError)
    dieAtCommit(0, 'before')
    expect(await statusOf()).toBe('new')
  })
})

describe('a confirmed write', () => {
  const confirmed = { mode: 'confirmed', timeoutMs: 10_000 } as const

  it('resolves when the server applied it, and asks to be sent at once', async () => {
    const write = db.write(setStatus('won'), confirmed)
    const opId = await inOutbox()
    expect(await statusOf()).toBe('won')
    queue.send(opId)
    queue.apply(opId, { txid: 9, version: 2, conflict: { status: { kept: 'lost', lost: 'won' } } })
    const result = await write
    const conflict = { status: { kept: 'lost', lost: 'won' } }
    expect(await result.confirmed).toEqual([{ opId, txid: 9, version: 2, conflict }])
    expect(queue.flushed).toContain('now')
  })

  it('stands alone: a group of its own keeps it from being folded', async () => {
    const write = db.write(setStatus('won'), confirmed)
    const opId = await inOutbox()
    expect(queue.entries[0]?.groupId).toEqual(expect.any(String))
    queue.apply(opId, { txid: 9, version: 2 })
    await write
  })

  it('rejects with the reason when the server refuses it, and everything is as before', async () => {
    const write = db.write(setStatus('won'), confirmed)
    const opId = await inOutbox()
    queue.reject(opId, 'invalid_values', { status: { code: 'required' } as never })
    await expect(write).rejects.toMatchObject({
      name: 'WriteRejectedError',
      reason: 'invalid_values',
      fields: { status: { code: 'required' } },
    })
    expect(await statusOf()).toBe('new')
    expect(queue.entries).toEqual([])
    expect(await operationCount()).toBe(0)
  })

  it('names the one of several that was refused for itself', async () => {
    const write = db.write(async (tx) => {
      await setStatus('won', LEAD)(tx)
      await setStatus('won', OTHER)(tx)
    }, confirmed)
    await expect.poll(() => queue.entries.length).toBe(2)
    const [first = '', second = ''] = queue.entries.map(({ opId }) => opId)
    queue.reject(first, 'group_failed')
    queue.reject(second, 'not_found')
    await expect(write).rejects.toMatchObject({ opId: second, reason: 'not_found' })
    expect(queue.entries).toEqual([])
    expect([await statusOf(LEAD), await statusOf(OTHER)]).toEqual(['new', 'new'])
  })

  it('is taken back when nobody answers and it was never sent', async () => {
    const error = await db.write(setStatus('won'), { mode: 'confirmed', timeoutMs: 1 }).catch((caught) => caught)
    expect(error).toBeInstanceOf(NotConfirmedError)
    expect(error).toMatchObject({ isOnItsWay: false, cause: { name: 'TimeoutError' } })
    expect(await statusOf()).toBe('new')
    expect(queue.entries).toEqual([])
  })

  it('says that it is on its way when it was sent, and is shown until the answer comes', async () => {
    const ending = new AbortController()
    const write = db.write(setStatus('won'), { ...confirmed, signal: ending.signal })
    const opId = await inOutbox()
    queue.send(opId)
    ending.abort()
    await expect(write).rejects.toMatchObject({ name: 'NotConfirmedError', isOnItsWay: true })
    expect(await statusOf()).toBe('won')
    expect(queue.entries).toMatchObject([{ opId, state: 'sending' }])
  })

  it('counts an answer that comes in the moment in which its time is up', async () => {
    const ending = new AbortController()
    const write = db.write(setStatus('won'), { ...confirmed, signal: ending.signal })
    const opId = await inOutbox()
    queue.withdrawUnsent = async () => {
      queue.apply(opId, { txid: 9, version: 2 })
      return false
    }
    ending.abort()
    expect(await (await write).confirmed).toMatchObject([{ opId, txid: 9 }])
  })

  it('writes nothing without a network, unless told to wait for it', async () => {
    isOnline = false
    let runs = 0
    const work = async (tx: WriteTransaction) => {
      runs++
      await setStatus('won')(tx)
    }
    await expect(db.write(work, confirmed)).rejects.toThrow(OfflineError)
    expect(runs).toBe(0)
    const waiting = db.write(work, { ...confirmed, whenOffline: 'wait' })
    const opId = await inOutbox()
    isOnline = true
    queue.apply(opId, { txid: 9, version: 2 })
    await waiting
  })
})

it('WriteRejectedError carries no value of the write in its message', () => {
  expect(new WriteRejectedError(LEAD, 'not_found', {}).message).toBe('The server refused the write: not_found.')
})
