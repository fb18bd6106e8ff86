import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { ownPostgres } from '../testing/own-postgres.ts'
import { harnessOn, startStreamHarness } from '../testing/stream-harness.ts'

const SETUP = 'CREATE TABLE items (id int PRIMARY KEY); CREATE PUBLICATION landfall_test FOR ALL TABLES'
const SENDER = `FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid WHERE database = current_database()`
const LONG = { timeout: 60_000 }

test.each(['fast', 'immediate'] as const)('goes on after a restart of Postgres (%s)', LONG, async (mode) => {
  const postgres = await ownPostgres()
  const { sql, supervise, sink } = harnessOn(postgres.url())
  await sql(SETUP)
  const supervisor = await supervise()
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1']))
  await postgres.stop(mode)
  await eventually(() => expect(supervisor.status).toBe('reconnecting'))
  // What is known may still be shown.
  expect(supervisor.isServing).toBe(true)
  await postgres.start()
  await sql('INSERT INTO items VALUES (2)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1', '2']), 20_000)
  await eventually(() => expect([supervisor.status, sink.startedOver.length]).toEqual(['streaming', 1]))
})

test('Postgres can end while a stream is open: what it waits for is acknowledged at once', LONG, async () => {
  const postgres = await ownPostgres()
  const { sql, supervise, sink } = harnessOn(postgres.url())
  await sql(SETUP)
  // By itself this server would not say for an hour how far it is.
  await supervise({ flushIntervalMs: 3_600_000 })
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1']))
  await postgres.stop('fast')
  expect(sink.flushedUpTo).toBeGreaterThanOrEqual(sink.parts.at(-1)?.endLsn ?? 0n)
})

test('goes on when only the connection was cut', async () => {
  const { sql, supervise, sink } = await startStreamHarness('CREATE TABLE items (id int PRIMARY KEY)')
  const supervisor = await supervise()
  for (let id = 1; id <= 5; id += 1) {
    await sql(`INSERT INTO items VALUES (${id})`)
    await sql(`SELECT pg_terminate_backend(pid) ${SENDER}`)
    await eventually(() => expect(supervisor.status).toBe('streaming'))
  }
  await eventually(() => expect(sink.inserted('id')).toEqual(['1', '2', '3', '4', '5']))
  expect(sink.startedOver).toHaveLength(1)
})

test('starts over when the slot was dropped behind its back', async () => {
  const { sql, supervise, sink } = await startStreamHarness('CREATE TABLE items (id int PRIMARY KEY)')
  const supervisor = await supervise()
  await eventually(async () => {
    // Both at once, before the server is back.
    await sql(`DO $$ DECLARE slot record; BEGIN
      FOR slot IN SELECT slot_name, active_pid FROM pg_replication_slots WHERE database = current_database() LOOP
        PERFORM pg_terminate_backend(slot.active_pid, 1000);
        PERFORM pg_drop_replication_slot(slot.slot_name);
      END LOOP; END $$`)
    expect(sink.startedOver.length).toBeGreaterThan(1)
  })
  expect(sink.startedOver.at(-1)).toBe('the slot is gone')
  await eventually(() => expect(supervisor.status).toBe('streaming'))
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toContain('1'))
})

test('starts over when Postgres gave up the slot because it kept too much', LONG, async () => {
  const postgres = await ownPostgres({
    max_slot_wal_keep_size: '1MB',
    max_wal_size: '32MB',
    min_wal_size: '32MB',
    wal_keep_size: '0',
  })
  const { sql, supervise, sink } = harnessOn(postgres.url())
  await sql(`${SETUP}; CREATE TABLE other (filler text)`)
  const first = await supervise()
  await first.stop()
  await eventually(async () => {
    await sql(`INSERT INTO other SELECT repeat('x', 1000) FROM generate_series(1, 20000)`)
    await sql('SELECT pg_switch_wal()')
    await sql('CHECKPOINT')
    expect(await sql('SELECT wal_status FROM pg_replication_slots')).toEqual([{ wal_status: 'lost' }])
  }, 30_000)
  await supervise()
  expect(sink.startedOver.at(-1)).toContain('the slot is of no use')
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1']))
})

test('starts over after Postgres was set back to an earlier copy', LONG, async () => {
  const postgres = await ownPostgres()
  const { sql, supervise, sink } = harnessOn(postgres.url())
  await sql(SETUP)
  const first = await supervise()
  await first.stop()
  await postgres.stop()
  const setBack = await postgres.copy()
  await postgres.start()
  const second = await supervise()
  await sql('INSERT INTO items SELECT id FROM generate_series(1, 100) id')
  await eventually(() => expect(sink.inserted('id')).toHaveLength(100))
  await second.stop()
  await postgres.stop()
  await setBack()
  // Recovery from an archive ends on a timeline of its own, and its write-ahead log soon reaches further than before.
  await writeFile(join(postgres.dataDir, 'recovery.signal'), '')
  await postgres.start({ restore_command: 'false' })
  await sql('INSERT INTO items SELECT id FROM generate_series(1001, 6000) id')
  await supervise()
  expect(sink.startedOver.at(-1)).toContain('the cluster was restored to before')
})

test('a resumed stream is not shown before it has caught up with what clients may know', async () => {
  const { sql, supervise, supervisors, sink } = await startStreamHarness('CREATE TABLE items (id int PRIMARY KEY)')
  const first = await supervise()
  await first.stop()
  await sql('SET synchronous_commit = on; INSERT INTO items VALUES (1)')
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  sink.onApply = () => held
  const starting = supervise()
  await eventually(() => expect(supervisors[1]?.status).toBe('catching-up'))
  expect(supervisors[1]?.isServing).toBe(false)
  letGo()
  // To have started is to be able to answer.
  const second = await starting
  expect([second.status, second.isServing]).toEqual(['streaming', true])
})
