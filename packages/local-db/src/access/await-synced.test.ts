import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { memoryHost } from '../testing/memory-access.ts'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { type Access, createAccess } from './create-access.ts'
import { SyncTimeoutError } from './write/write-errors.ts'

let pg: PGlite
let db: Access

beforeAll(async () => {
  pg = await createMemoryDatabase()
})
afterAll(() => pg.close())
beforeEach(async () => {
  await pg.exec('TRUNCATE seen_txids, seen_snapshots')
  db = createAccess(memoryHost(pg))
})

/** Looks once, and is content when it was not there. */
const expectMissing = (shape: 'leads' | 'notes', txid: number | bigint) =>
  expect(db.awaitSynced(shape, txid, { timeoutMs: 250 })).rejects.toThrow(SyncTimeoutError)

it('resolves at once for a transaction that the shape has brought, and of no other shape', async () => {
  await pg.query(`INSERT INTO seen_txids (shape, txid) VALUES ('leads', 900)`)
  await db.awaitSynced('leads', 900)
  await db.awaitSynced('leads', '900')
  await expectMissing('notes', 900)
})

it('resolves when the shape brings it, and not for a later or an earlier one', async () => {
  const waiting = db.awaitSynced('leads', 1000n)
  await pg.query(`INSERT INTO seen_txids (shape, txid) VALUES ('leads', 999), ('leads', 1001)`)
  await expectMissing('leads', 1000n)
  await pg.query(`INSERT INTO seen_txids (shape, txid) VALUES ('leads', 1000)`)
  await waiting
})

it('resolves when the table is filled from a snapshot that held it', async () => {
  const waiting = db.awaitSynced('leads', 99)
  // As numbers: in text 99 comes after 100.
  await pg.query(`INSERT INTO seen_snapshots VALUES ('leads', 100, 105, '{102}')`)
  await waiting
  await db.awaitSynced('leads', 101)
  await expectMissing('leads', 102)
  await expectMissing('leads', 105)
})

it('rejects after its time with the shape and the transaction, and with the reason of its signal', async () => {
  await expect(db.awaitSynced('leads', 7, { timeoutMs: 1 })).rejects.toThrow(/shape leads .* transaction 7 within 1 ms/)
  const left = new Error('left the page')
  await expect(db.awaitSynced('leads', 7, { signal: AbortSignal.abort(left) })).rejects.toBe(left)
})

it('refuses what is no number of a transaction and no name of a shape', async () => {
  for (const txid of [0, -1, 1.5, Number.NaN, '1; DROP TABLE leads_synced', 2n ** 63n, '']) {
    await expect(db.awaitSynced('leads', txid)).rejects.toThrow(RangeError)
  }
  await expect(db.awaitSynced(`x'; --` as 'leads', 1)).rejects.toThrow(/no name of a shape/)
})
