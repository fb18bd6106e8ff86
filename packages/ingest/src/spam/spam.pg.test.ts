import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { OperationEvent } from '../engine/events.ts'
import type { Principal } from '../principal.ts'
import {
  GOOD_VALUES,
  type IngestHarness,
  newVisitor,
  openIngestHarness,
  recordStatements,
} from '../testing/ingest-harness.ts'
import { SPAM_THRESHOLDS } from './spam-thresholds.ts'

let ingest: IngestHarness
let principal: Principal & { kind: 'visitor' }

const NOW = new Date('2026-05-01T12:00:00.000Z')
const MAX = SPAM_THRESHOLDS.maxLeadsPerWindow
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000).toISOString()

beforeAll(async () => {
  ingest = await openIngestHarness(inject('postgresUrl'))
})
afterAll(() => ingest?.close())
beforeEach(async () => {
  await ingest.empty()
  principal = newVisitor(ingest.acme)
})

const captured = (count: number, capturedAt: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => ingest.insert({ capturedAt: capturedAt(index) }))
const spam = async () => (await ingest.leads()).filter((lead) => lead.status === 'spam')

test('a lead that is set apart is stored, answered as ever, and says every reason', async () => {
  const values = { ...GOOD_VALUES, message: 'http://a.test http://b.test' }
  const seen: OperationEvent[] = []
  const batch = [ingest.insert({}, { decoy: 'x', filledInMs: 12, values }), ingest.insert({}, { filledInMs: 60_000 })]
  const results = await ingest.send(batch, { principal, onOperation: (event) => seen.push(event) })
  expect(results).toMatchObject([
    { outcome: 'applied', version: 1 },
    { outcome: 'applied', version: 1 },
  ])
  const reasons = ['decoy', 'too_fast', 'too_many_links']
  const byId = new Map((await ingest.leads()).map((lead) => [lead.id, lead]))
  expect(byId.get(batch[0]?.entityId ?? '')).toMatchObject({ status: 'spam', spamReasons: reasons, values })
  expect(byId.get(batch[1]?.entityId ?? '')).toMatchObject({ status: 'new', spamReasons: [] })
  expect((await ingest.receipts()).map((receipt) => receipt.status)).toEqual(['received', 'received'])
  expect((await ingest.events())[0]?.data).toEqual({ status: 'spam', spamReasons: reasons })
  expect(seen[0]).toMatchObject({ spamReasons: reasons })
  expect(seen[1]).not.toHaveProperty('spamReasons')
})

test('a lead that was undone with its group is not told to the observer as spam', async () => {
  const groupId = ingest.insert().opId
  const seen: OperationEvent[] = []
  const batch = [ingest.insert({ groupId }, { decoy: 'x' }), ingest.insert({ groupId }, { values: {} })]
  await ingest.send(batch, { principal, onOperation: (event) => seen.push(event) })
  expect(seen).toMatchObject([{ outcome: 'rejected', reason: 'group_failed' }, { outcome: 'rejected' }])
  expect(seen[0]).not.toHaveProperty('spamReasons')
})

describe('more leads than a person can send', () => {
  test('are set apart from the one that is too many, over several batches', async () => {
    const send = (count: number) =>
      ingest.send(
        captured(count, (index) => secondsAgo(120 - index)),
        { principal, receivedAt: NOW },
      )
    await send(MAX - 1)
    expect(await spam()).toEqual([])
    await send(3)
    expect((await spam()).map((lead) => lead.spamReasons)).toEqual([['too_many_at_once'], ['too_many_at_once']])
    expect(await ingest.leads()).toHaveLength(MAX + 2)
  })

  test('do not count when they waited on the device for longer than that', async () => {
    const days = captured(100, (index) => secondsAgo(3 * 24 * 3600 + index))
    await ingest.send(days, { principal, receivedAt: NOW })
    // Nor against the one that is captured now, right after the queue has gone.
    await ingest.send([ingest.insert({ capturedAt: secondsAgo(1) })], { principal, receivedAt: NOW })
    expect(await ingest.leads()).toHaveLength(101)
    expect(await spam()).toEqual([])
  })

  test('are judged by our clock, whatever the device’s says', async () => {
    const skewSeconds = 6 * 3600
    const batch = captured(MAX + 1, () => secondsAgo(60 + skewSeconds))
    await ingest.send(batch, { principal, receivedAt: NOW, sentAt: new Date(NOW.getTime() - skewSeconds * 1_000) })
    expect(await spam()).toHaveLength(1)
    await ingest.send([ingest.insert({ capturedAt: secondsAgo(1) })], { principal, receivedAt: NOW })
    expect(await spam()).toHaveLength(2)
  })

  test('count by device: nobody is set apart for what another one sends', async () => {
    const many = captured(MAX + 1, () => secondsAgo(10))
    await ingest.send(many, { principal, receivedAt: NOW })
    await ingest.send([ingest.insert({ capturedAt: secondsAgo(5) })], {
      principal: newVisitor(ingest.acme),
      receivedAt: NOW,
    })
    expect(await spam()).toHaveLength(1)
  })

  test('are counted in one query a batch, and in none for a queue that is old', async () => {
    const counting = (statements: string[]) => statements.filter((text) => text.includes('count(*)')).length
    const now = await recordStatements(() =>
      ingest.send(
        captured(50, () => secondsAgo(10)),
        { principal, receivedAt: NOW },
      ),
    )
    expect(counting(now)).toBe(1)
    const old = await recordStatements(() =>
      ingest.send(
        captured(50, () => secondsAgo(9_999)),
        { principal, receivedAt: NOW },
      ),
    )
    expect(counting(old)).toBe(0)
  })
})
