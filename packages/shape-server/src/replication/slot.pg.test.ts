import { expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { RecordingSink } from '../testing/recording-sink.ts'
import { startStreamHarness } from '../testing/stream-harness.ts'
import { parseLsn } from './lsn.ts'

const ITEMS = 'CREATE TABLE items (id int PRIMARY KEY)'
const FROM_SLOT = 'FROM pg_replication_slots WHERE database = current_database()'

test('what was written while the server was away arrives after its restart, and nothing comes twice', async () => {
  const { sql, supervise, sink } = await startStreamHarness(ITEMS)
  const first = await supervise()
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1']))
  await first.stop()
  await sql('INSERT INTO items VALUES (2)')
  const second = await supervise()
  await sql('INSERT INTO items VALUES (3)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1', '2', '3']))
  expect(second.status).toBe('streaming')
  expect(sink.startedOver).toEqual(['there is nothing to go on from'])
})

test('the permanent slot is named after the database, and stays', async () => {
  const { sql, supervise } = await startStreamHarness(ITEMS)
  const supervisor = await supervise({ slotPrefix: 'of_mine' })
  await supervisor.stop()
  const [{ oid } = {}] = await sql('SELECT oid FROM pg_database WHERE datname = current_database()')
  expect(await sql(`SELECT slot_name, temporary, active, plugin ${FROM_SLOT}`)).toEqual([
    { slot_name: `of_mine_${oid}`, temporary: 'f', active: 'f', plugin: 'pgoutput' },
  ])
})

test('only what is durable is acknowledged', async () => {
  const { sql, supervise, sink } = await startStreamHarness(ITEMS)
  let letGo = () => {}
  const isDurable = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await supervise()
  sink.onFlush = () => isDurable
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1']))
  const committed = sink.parts.at(-1)?.endLsn ?? 0n
  const acknowledged = async () => parseLsn((await sql(`SELECT confirmed_flush_lsn AS lsn ${FROM_SLOT}`))[0]?.lsn ?? '')
  // Postgres knows that it has arrived, and still keeps it.
  await eventually(async () => {
    const [{ lsn } = {}] = await sql(
      'SELECT write_lsn AS lsn FROM pg_stat_replication JOIN pg_replication_slots ON active_pid = pid WHERE database = current_database()',
    )
    expect(parseLsn(lsn ?? '')).toBeGreaterThanOrEqual(committed)
  })
  expect(await acknowledged()).toBeLessThan(committed)
  letGo()
  await eventually(async () => expect(await acknowledged()).toBeGreaterThanOrEqual(committed))
})

test('a flush that fails is tried again, and acknowledges nothing', async () => {
  const { sql, supervise, sink, lines } = await startStreamHarness(ITEMS)
  await supervise()
  let failures = 0
  sink.onFlush = async () => {
    failures += 1
    if (failures <= 3) throw new Error('no space left on device')
  }
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(failures).toBeGreaterThan(3))
  expect(lines.filter(({ message }) => message === 'flush failed')).toHaveLength(3)
})

test.each([
  ['dropped', ["SELECT pg_drop_replication_slot('NAME')"]],
  [
    'made anew by somebody else',
    [
      "SELECT pg_drop_replication_slot('NAME')",
      'INSERT INTO items VALUES (-1)',
      "SELECT pg_create_logical_replication_slot('NAME', 'pgoutput')",
    ],
  ],
  [
    'of another plugin',
    ["SELECT pg_drop_replication_slot('NAME')", "SELECT pg_create_physical_replication_slot('NAME')"],
  ],
  [
    'moved on by somebody else',
    [
      'SET synchronous_commit = on; INSERT INTO items VALUES (-1)',
      "SELECT pg_replication_slot_advance('NAME', pg_current_wal_flush_lsn())",
    ],
  ],
])('starts over when the slot was %s', async (_, statements) => {
  const { sql, supervise, sink } = await startStreamHarness(ITEMS)
  const first = await supervise()
  await first.stop()
  const [{ slot_name } = {}] = await sql(`SELECT slot_name ${FROM_SLOT}`)
  for (const statement of statements) await sql(statement.replace('NAME', String(slot_name)))
  await supervise()
  expect(sink.startedOver).toHaveLength(2)
  await sql('INSERT INTO items VALUES (5)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['5']))
})

test('starts over when a store is new, although a slot is there', async () => {
  const { sql, supervise } = await startStreamHarness(ITEMS)
  const first = await supervise()
  await sql('INSERT INTO items VALUES (1)')
  await first.stop()
  const sink = new RecordingSink()
  await supervise({ sink })
  await sql('INSERT INTO items VALUES (2)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['2']))
})

test('starts over when the publication is gone', async () => {
  const { sql, supervise, sink } = await startStreamHarness(ITEMS)
  const first = await supervise()
  await first.stop()
  await sql('DROP PUBLICATION landfall_test')
  await sql('INSERT INTO items VALUES (1)')
  await supervise()
  expect(sink.startedOver.at(-1)).toContain('publication')
})

test('a table that was taken out of the publication is told', async () => {
  const { sql, supervise, sink } = await startStreamHarness(ITEMS)
  await sql('DROP PUBLICATION landfall_test; CREATE PUBLICATION landfall_test FOR TABLE items')
  const first = await supervise()
  sink.tables = [Number((await sql(`SELECT 'items'::regclass::oid AS oid`))[0]?.oid)]
  await first.stop()
  const second = await supervise()
  expect(sink.droppedTables).toEqual([])
  await second.stop()
  await sql('ALTER PUBLICATION landfall_test DROP TABLE items')
  await supervise()
  expect(sink.droppedTables).toEqual(sink.tables)
})

test('a second server waits until the first has let go of the slot, then takes over', async () => {
  const { sql, supervise, sink, lines } = await startStreamHarness(ITEMS)
  const first = await supervise()
  const successor = new RecordingSink()
  const second = await supervise({ sink: successor })
  expect(second.status).toBe('waiting')
  expect(lines.at(-1)).toMatchObject({ level: 'info', message: 'waiting' })
  await sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(sink.inserted('id')).toEqual(['1']))
  await first.stop()
  await eventually(() => expect(second.status).toBe('streaming'))
  await sql('INSERT INTO items VALUES (2)')
  await eventually(() => expect(successor.inserted('id')).toEqual(['2']))
})

test('writes to tables that nobody follows are acknowledged too, so that their log is not kept', async () => {
  const { sql, supervise } = await startStreamHarness(`${ITEMS}; CREATE TABLE other (id int, filler text)`)
  await sql('DROP PUBLICATION landfall_test; CREATE PUBLICATION landfall_test FOR TABLE items')
  await supervise()
  await sql(`INSERT INTO other SELECT id, repeat('x', 500) FROM generate_series(1, 20000) id`)
  const [{ lsn } = {}] = await sql('SELECT pg_current_wal_insert_lsn() AS lsn')
  await eventually(async () => {
    // The server notes what is running from time to time, and before that it cannot move on.
    await sql('CHECKPOINT')
    const [slot] = await sql(
      `SELECT confirmed_flush_lsn >= $1 AS confirmed, restart_lsn >= $1 AS restart ${FROM_SLOT}`,
      [lsn],
    )
    expect(slot).toEqual({ confirmed: 't', restart: 't' })
  })
})

test('a slot name that Postgres would refuse is refused with its reason', async () => {
  const { supervise } = await startStreamHarness(ITEMS)
  await expect(supervise({ slotPrefix: 'Has Spaces' })).rejects.toThrow('a-z, 0-9 and _')
})
