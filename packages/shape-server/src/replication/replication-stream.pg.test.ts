import pg from 'pg'
import { expect, test } from 'vitest'
import { cleanUp } from '../testing/clean-up.ts'
import { eventually } from '../testing/eventually.ts'
import { startStallingProxy } from '../testing/stalling-proxy.ts'
import { harnessOn, startStreamHarness } from '../testing/stream-harness.ts'

const ITEMS = 'CREATE TABLE items (id int PRIMARY KEY)'
const SENDER = `FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid WHERE database = current_database()`

/** A sink that lets nothing through until it is told to. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

test('a transaction of 500,000 rows comes in parts, and never piles up', { timeout: 120_000 }, async () => {
  const { sql, supervise, sink } = await startStreamHarness('CREATE TABLE items (id int PRIMARY KEY, filler text)')
  let inWork = 0
  let mostInWork = 0
  let largestPart = 0
  let rows = 0
  let lastPosition = -2
  const sizes: boolean[] = []
  sink.onApply = async ({ changes, isComplete }) => {
    inWork += 1
    mostInWork = Math.max(mostInWork, inWork)
    largestPart = Math.max(largestPart, changes.length)
    rows += changes.length
    for (const { position } of changes.splice(0)) {
      expect(position).toBe(lastPosition + 2)
      lastPosition = position
    }
    sizes.push(isComplete)
    await new Promise((resolve) => setImmediate(resolve))
    inWork -= 1
  }
  await supervise()
  await sql(`INSERT INTO items SELECT id, repeat('x', 100) FROM generate_series(1, 500000) id`)
  await eventually(() => expect(rows).toBe(500_000), 90_000)
  await eventually(() => expect(sizes.at(-1)).toBe(true))
  expect(sizes.filter(Boolean)).toHaveLength(1)
  expect(largestPart).toBeLessThanOrEqual(1_000)
  expect(mostInWork).toBe(1)
})

test('other work gets its turn while a large transaction is taken over', { timeout: 60_000 }, async () => {
  const { sql, supervise, sink } = await startStreamHarness(ITEMS)
  let turnsDuring = 0
  let isDuring = false
  const turn = () => {
    if (isDuring) turnsDuring += 1
    immediate = setTimeout(turn)
  }
  let immediate = setTimeout(turn)
  sink.onApply = ({ isFirst, isComplete }) => {
    isDuring = isFirst || (isDuring && !isComplete)
  }
  await supervise()
  await sql('INSERT INTO items SELECT id FROM generate_series(1, 50000) id')
  await eventually(() => expect(sink.inserted('id')).toHaveLength(50_000), 30_000)
  clearTimeout(immediate)
  expect(turnsDuring).toBeGreaterThan(2)
})

test('whoever takes over slowly makes Postgres wait, and is not dropped for it', { timeout: 60_000 }, async () => {
  const { sql, supervise, sink, databaseUrl, lines } = await startStreamHarness(`
    CREATE TABLE items (id int PRIMARY KEY, filler text)`)
  await sql(`ALTER DATABASE ${new URL(databaseUrl).pathname.slice(1)} SET wal_sender_timeout = '1s'`)
  const { opened, open } = gate()
  sink.onApply = ({ changes }) => (changes.some((change) => change.kind === 'insert') ? opened : undefined)
  await supervise()
  await sql(`INSERT INTO items SELECT id, repeat('x', 1000) FROM generate_series(1, 50000) id`)
  // The sender has filled what lies between and cannot go on.
  const sent = async () => (await sql(`SELECT sent_lsn ${SENDER}`))[0]?.sent_lsn
  let before = await sent()
  const pausedAt = Date.now()
  await eventually(async () => {
    const now = await sent()
    const isStill = now === before
    before = now
    // Three times as long as Postgres would wait for somebody who is silent.
    expect([isStill, Date.now() - pausedAt > 3_000]).toEqual([true, true])
  }, 20_000)
  expect(sink.parts.flatMap(({ changes }) => changes)).toHaveLength(0)
  open()
  await eventually(() => expect(sink.inserted('id')).toHaveLength(50_000), 30_000)
  expect(lines.filter(({ message }) => message === 'replication lost')).toEqual([])
})

test('a stream that is cut in the middle of a transaction brings it again as a whole', async () => {
  const { sql, supervise, sink } = await startStreamHarness(ITEMS)
  const { opened, open } = gate()
  let parts = 0
  sink.onApply = () => {
    parts += 1
    return parts === 3 ? opened : undefined
  }
  await supervise()
  await sql('INSERT INTO items SELECT id FROM generate_series(1, 20000) id')
  await eventually(() => expect(parts).toBe(3))
  await sql(`SELECT pg_terminate_backend(pid) ${SENDER}`)
  await eventually(async () => expect(await sql(`SELECT 1 ${SENDER}`)).toEqual([]))
  open()
  await eventually(() => expect(sink.inserted('id')).toHaveLength(20_000), 15_000)
  expect(sink.interruptions).toBe(1)
  expect(sink.inserted('id')).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index + 1)))
  expect(sink.parts.filter(({ isFirst }) => isFirst)).toHaveLength(1)
})

test('a connection that is dead without having been closed is noticed', async () => {
  const { sql, sink, databaseUrl } = await startStreamHarness(ITEMS)
  const proxy = await startStallingProxy(databaseUrl)
  const { supervise, lines } = harnessOn(proxy.url)
  const supervisor = await supervise({ sink, longestSilenceMs: 300 })
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1']))
  // An idle database is no dead one: it answers when it is asked.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(supervisor.status).toBe('streaming')
  proxy.stall()
  await eventually(() => expect(String(lines.map(({ error }) => error))).toContain('nothing was heard from Postgres'))
  proxy.heal()
  await sql('INSERT INTO items VALUES (2)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1', '2']), 30_000)
})

test('stopping does not wait for a slot that cannot be made yet', async () => {
  const { supervise, supervisors, sql, databaseUrl } = await startStreamHarness(ITEMS)
  const writer = new pg.Client({ connectionString: databaseUrl })
  await writer.connect()
  cleanUp(() => writer.end())
  await writer.query('BEGIN; INSERT INTO items VALUES (1)')
  const starting = supervise().then(
    () => 'started',
    () => 'given up',
  )
  await eventually(async () => {
    const waiting = await sql(`SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'transactionid' AND NOT granted AND backend_type = 'walsender'`)
    expect(waiting).toHaveLength(1)
  })
  await supervisors[0]?.stop()
  expect(await starting).toBe('given up')
})

test('a sink that fails ends the stream, and gets the transaction again', async () => {
  const { sql, supervise, sink } = await startStreamHarness(ITEMS)
  let failures = 0
  await supervise()
  sink.onApply = () => {
    failures += 1
    if (failures === 1) throw new Error('not now')
  }
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1']))
  expect(sink.startedOver).toHaveLength(1)
})
