import { expect, test } from 'vitest'
import { ownPostgres } from '../testing/own-postgres.ts'
import { harnessOn, startStreamHarness } from '../testing/stream-harness.ts'
import { DatabaseSetupError } from './setup-error.ts'

const LONG = { timeout: 60_000 }

async function failureOf(starting: Promise<unknown>): Promise<unknown> {
  return starting.then(
    () => undefined,
    (error: unknown) => error,
  )
}

test('says which setting is missing: wal_level', LONG, async () => {
  const postgres = await ownPostgres({ wal_level: 'replica' })
  const error = await failureOf(harnessOn(postgres.url()).supervise())
  expect(error).toBeInstanceOf(DatabaseSetupError)
  expect(String(error)).toContain('wal_level is replica and must be logical')
})

test.each([
  ['max_replication_slots', '0', 'max_replication_slots'],
  ['max_wal_senders', '0', 'max_wal_senders'],
])('says which setting is too small: %s', LONG, async (name, value, expected) => {
  const postgres = await ownPostgres({ [name]: value })
  const error = await failureOf(harnessOn(postgres.url()).supervise())
  expect(String(error)).toContain(expected)
  expect(error).toBeInstanceOf(DatabaseSetupError)
})

test('says which right is missing: REPLICATION', async () => {
  const { sql, databaseUrl } = await startStreamHarness(`
    DO $$ BEGIN CREATE ROLE landfall_no_replication LOGIN PASSWORD 'secret'; EXCEPTION WHEN duplicate_object THEN END $$`)
  const url = new URL(databaseUrl)
  url.username = 'landfall_no_replication'
  url.password = 'secret'
  const error = await failureOf(harnessOn(url.href).supervise())
  expect(error).toBeInstanceOf(DatabaseSetupError)
  expect(String(error)).toContain('WITH REPLICATION')
  await sql('DROP ROLE landfall_no_replication')
})

test('a database that cannot be reached is not a matter of its settings', async () => {
  const error = await failureOf(harnessOn('postgresql://postgres@127.0.0.1:1/none').supervise())
  expect(error).not.toBeInstanceOf(DatabaseSetupError)
  expect(String(error)).toContain('ECONNREFUSED')
})
