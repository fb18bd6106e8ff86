import type { PGlite } from '@electric-sql/pglite'
import type { Outbox } from '@landfall/outbox'
import { uuidv7 } from 'uuidv7'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { createOutboxDevice, type OutboxDevice } from '../testing/outbox-device.ts'
import type { OperationQueue } from './operation-queue.ts'
import { ReconcileTimeoutError, withReconcileLock } from './reconcile-lock.ts'
import { Reconciler, type ReconcilerOptions } from './reconciler.ts'

const noop = () => {}
/** As soon as the machine gets round to it. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 30_000 })
/** A promise that somebody else ends. */
function gate() {
  let open = noop
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

describe('the reconciler of a page', () => {
  let pg: PGlite
  let device: OutboxDevice
  let outbox: Outbox
  const reconcilers: Reconciler[] = []
  beforeAll(async () => {
    pg = await createMemoryDatabase()
  }, 60_000)
  afterAll(() => pg.close())
  beforeEach(async () => {
    await pg.exec('DELETE FROM sync_operations; DELETE FROM reconciled_revision')
    device = createOutboxDevice()
    outbox = device.open()
  })
  afterEach(async () => {
    for (const reconciler of reconcilers.splice(0)) reconciler.stop()
    vi.useRealTimers()
    await device.closeAll()
  })

  function page(options: Partial<ReconcilerOptions> = {}): Reconciler {
    const { owner } = device
    const reconciler = new Reconciler({ database: async () => pg, queue: outbox, owner, lockName: owner, ...options })
    reconcilers.push(reconciler)
    return reconciler
  }
  const writeNote = () =>
    pg.query('INSERT INTO notes (id, lead_id, body) VALUES ($1, $1, $2)', [uuidv7(), 'from a tab that died'])
  const states = async () =>
    (await pg.query<{ state: string }>('SELECT state FROM sync_operations ORDER BY place')).rows.map(
      ({ state }) => state,
    )
  /** The queue with faults of its own. */
  const faulty = (faults: Partial<OperationQueue>): OperationQueue => ({
    readSnapshot: outbox.readSnapshot,
    put: (...given) => outbox.put(...given),
    replaceUnsent: (...given) => outbox.replaceUnsent(...given),
    withdrawUnsent: outbox.withdrawUnsent,
    rewriteUnsent: outbox.rewriteUnsent,
    discard: (opId) => outbox.discard(opId),
    problemsOf: (opId) => outbox.problemsOf(opId),
    subscribe: outbox.subscribe,
    flush: (...given) => outbox.flush(...given),
    ...faults,
  })

  it('hands over at its start what another tab wrote and could not', async () => {
    await writeNote()
    page().start()
    await soon(states).toEqual(['queued'])
  })

  it('follows the queue', async () => {
    page().start()
    await writeNote()
    await page().reconcileNow()
    device.setOnline(true)
    await outbox.flush({ urgency: 'now' })
    await soon(states).toEqual(['delivered'])
  })

  it('looks when it is told that somebody wrote, and not after it was stopped', async () => {
    const reconciler = page()
    reconciler.start()
    await reconciler.reconcileNow()
    await writeNote()
    reconciler.notice()
    await soon(states).toEqual(['queued'])
    reconciler.stop()
    await writeNote()
    reconciler.notice()
    await reconciler.reconcileNow()
    expect(await states()).toEqual(['queued', 'queued'])
  })

  it('runs once for all who ask while it runs, and begins after they asked', async () => {
    const first = gate()
    let reads = 0
    const queue = faulty({
      async readSnapshot(about) {
        reads += 1
        if (reads === 1) await first.opened
        return outbox.readSnapshot(about)
      },
    })
    const reconciler = page({ queue })
    const running = reconciler.reconcileNow()
    await soon(() => reads).toBe(1)
    const [second, third] = [reconciler.reconcileNow(), reconciler.reconcileNow()]
    expect(third).toBe(second)
    expect(second).not.toBe(running)
    await writeNote()
    first.open()
    await second
    expect(await states()).toEqual(['queued'])
  })

  it('does it all again when the worker goes in the middle', async () => {
    await writeNote()
    let isGone = false
    const database = async () => ({
      query: async (sql: string, params: unknown[]) => {
        if (!isGone && sql.includes('WITH given')) {
          isGone = true
          throw new Error('Leader changed, pending operation in indeterminate state')
        }
        return pg.query(sql, params)
      },
    })
    expect(await page({ database }).reconcileNow()).toEqual({ refused: [] })
    expect(await states()).toEqual(['queued'])
  })

  it('tells why something is not handed over, tries again by itself with growing waits, and tells when it is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await writeNote()
    let isFull = true
    const attempts: number[] = []
    const queue = faulty({
      put: (...given) => {
        attempts.push(Date.now())
        return isFull ? Promise.reject(new Error('The disk is full.')) : outbox.put(...given)
      },
    })
    const told: (string | undefined)[] = []
    const reconciler = page({ queue, random: () => 1, onStatus: ({ lastError }) => told.push(lastError?.message) })
    reconciler.start()
    await vi.waitFor(() => expect(told).toEqual(['The disk is full.']), 30_000)
    const tries = attempts.length
    await vi.advanceTimersByTimeAsync(1_900)
    reconciler.notice()
    expect(attempts).toHaveLength(tries)
    await vi.advanceTimersByTimeAsync(200)
    await vi.waitFor(() => expect(attempts.length).toBeGreaterThan(tries), 30_000)
    isFull = false
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(1_000)
      expect(told).toEqual(['The disk is full.', undefined])
    }, 30_000)
    expect(await states()).toEqual(['queued'])
  })

  it('forgets which transactions committed the day before', async () => {
    await pg.query(`INSERT INTO local_transactions VALUES ($1, now() - interval '25 hours'), ($2, now())`, [
      uuidv7(),
      uuidv7(),
    ])
    await page().reconcileNow()
    expect((await pg.query('SELECT FROM local_transactions')).rows).toHaveLength(1)
  })

  it('gives up under the lock of all tabs', async () => {
    await writeNote()
    const [{ op_id: opId = '' } = {}] = (await pg.query<{ op_id: string }>('SELECT op_id FROM sync_operations')).rows
    const held = gate()
    const isHeld = gate()
    const other = withReconcileLock(device.owner, async () => {
      isHeld.open()
      await held.opened
    })
    await isHeld.opened
    let isDone = false
    const givingUp = page()
      .giveUp([opId])
      .then((result) => {
        isDone = true
        return result
      })
    expect(await states()).toEqual(['written'])
    expect(isDone).toBe(false)
    held.open()
    await other
    expect(await givingUp).toBe(true)
    expect(await states()).toEqual([])
  })
})

describe('the lock of all tabs', () => {
  it('goes on to the next when a tab hangs', async () => {
    const name = uuidv7()
    const hanging = withReconcileLock(name, () => new Promise<never>(noop), { holdMs: 20 })
    const next = withReconcileLock(name, async () => 'done')
    await expect(hanging).rejects.toThrow(ReconcileTimeoutError)
    expect(await next).toBe('done')
  })

  it('does not keep anybody waiting for ever', async () => {
    const name = uuidv7()
    const held = gate()
    const holding = withReconcileLock(name, () => held.opened)
    await expect(withReconcileLock(name, async () => 'done', { waitMs: 20 })).rejects.toThrow(ReconcileTimeoutError)
    held.open()
    await holding
  })

  it('tells the failure of the work', async () => {
    await expect(withReconcileLock(uuidv7(), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  })
})
