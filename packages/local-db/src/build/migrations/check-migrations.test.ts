import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeChain } from '../../testing/make-chain.ts'
import type { Migration } from '../../schema/chain/migration.ts'
import { readLocalSchema } from '../../schema/read-local-schema.ts'
import { checkMigrations } from './check-migrations.ts'
import { readMigrations, writeMigrations } from './migrations-folder.ts'
import { assertContinues } from './released-migrations.ts'

const BASE =
  'CREATE TABLE landfall_schema (place int PRIMARY KEY, name text, hash text, kind text, applied_at timestamptz);'
const WITH_NOTES = `${BASE} CREATE TABLE notes_synced (id uuid PRIMARY KEY);`

it('finds the committed migrations in order', async () => {
  await checkMigrations({ schemaSql: await readLocalSchema() })
}, 60_000)

describe('the folder of migrations', () => {
  let folder: string
  let chain: Migration[]
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'landfall-migrations-'))
    chain = await makeChain([
      { kind: 'reset', sql: BASE },
      { kind: 'additive', sql: 'CREATE TABLE notes_synced (id uuid PRIMARY KEY);' },
    ])
    await writeMigrations(chain, folder)
  })
  afterEach(() => rm(folder, { recursive: true }))

  const check = (payloadKeys: Record<string, string[]> = {}, schemaSql = WITH_NOTES) =>
    checkMigrations({ folder, schemaSql, payloadKeys })

  it('reads back what was written', async () => {
    expect(await readMigrations(folder)).toEqual(chain)
    expect(await check()).toEqual(chain)
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a file that was edited', () => writeFile(join(folder, '0002_test.sql'), 'SELECT 1'), /0002_test has the hash/],
    ['a file that is missing', () => rm(join(folder, '0002_test.sql')), /is missing, though/],
    ['a file that nobody names', () => writeFile(join(folder, '0003_stray.sql'), 'SELECT 1'), /0003_stray.sql, which chain.json does not name/],
    ['a chain.json that is no JSON', () => writeFile(join(folder, 'chain.json'), '[<<<<'), /is not JSON/],
    ['a chain.json of another form', () => writeFile(join(folder, 'chain.json'), '[{}]'), /kind/],
    ['no chain.json', () => rm(join(folder, 'chain.json')), /db:generate/],
    ['pages that rewrite otherwise than chain.json says', () => writeFile(join(folder, 'resets.ts'), ''), /resets.ts/],
  ])('fails on %s', async (_what, damage, message) => {
    await damage()
    await expect(check()).rejects.toThrow(message)
  }, 60_000)

  it('fails when the model has moved on', async () => {
    await expect(check({}, `${WITH_NOTES} CREATE TABLE tags (id int);`)).rejects.toThrow(/CREATE TABLE tags/)
  }, 60_000)

  it('fails when a name comes back that a reset took away', async () => {
    const operations = { note: { rename: { text: 'body' }, drop: ['mood'] }, visit: 'dropped' as const }
    await writeMigrations(await makeChain([{ kind: 'reset', sql: WITH_NOTES, operations }], chain), folder)
    await check({ note: ['body'] })
    await expect(check({ note: ['body', 'text'] })).rejects.toThrow('took away note.text')
    await expect(check({ note: ['body', 'mood'], visit: [] })).rejects.toThrow('took away note.mood, visit')
    expect(await readFile(join(folder, 'resets.ts'), 'utf8')).toContain('"drop": [')
  }, 60_000)

  it('fails when a released migration was written anew', async () => {
    const other = await makeChain([{ kind: 'reset', sql: WITH_NOTES }])
    expect(() => assertContinues(chain, chain)).not.toThrow()
    expect(() => assertContinues(chain.slice(0, 1), chain)).not.toThrow()
    expect(() => assertContinues(chain, other)).toThrow(/0001_test is released/)
    expect(() => assertContinues(chain, chain.slice(0, 1))).toThrow(/0002_test is released/)
  })
})
