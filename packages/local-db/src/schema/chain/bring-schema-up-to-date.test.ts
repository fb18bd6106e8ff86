import { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeChain } from '../../testing/make-chain.ts'
import { SchemaUnreachableError } from './ask-server.ts'
import { bringSchemaUpToDate } from './bring-schema-up-to-date.ts'
import type { Migration } from './migration.ts'
import { ownChain } from './own-chain.ts'
import { answerForHash, readSchemaAnswer, SchemaAnswerError } from './schema-answer.ts'
import { readAppliedMigrations, recordMigrations } from './stored-schema.ts'

const BASE = `
  CREATE TABLE landfall_schema (place int PRIMARY KEY, name text, hash text, kind text, applied_at timestamptz);
  CREATE TABLE notes_synced (id int PRIMARY KEY, body text);
  CREATE VIEW notes AS SELECT id, body FROM notes_synced;`

const [first, second, third] = await makeChain([
  { kind: 'reset', sql: BASE },
  {
    kind: 'additive',
    sql: `ALTER TABLE notes_synced ADD COLUMN mood text;
          CREATE OR REPLACE VIEW notes AS SELECT id, body, mood FROM notes_synced;`,
  },
  { kind: 'additive', sql: `ALTER TABLE notes_synced ADD COLUMN place text;` },
])
if (!first || !second || !third) throw new Error('no chain')

describe('bringSchemaUpToDate', () => {
  let image: Blob
  let pg: PGlite
  let asked: string[]

  beforeAll(async () => {
    const made = await PGlite.create()
    await made.exec(BASE)
    await recordMigrations(made, [first])
    await made.exec(`INSERT INTO notes_synced VALUES (1, 'kept')`)
    image = await made.dumpDataDir('none')
    await made.close()
  }, 60_000)
  beforeEach(async () => {
    pg = await PGlite.create({ loadDataDir: image })
    asked = []
  }, 60_000)
  afterEach(() => pg.close())

  const applied = async () => (await readAppliedMigrations(pg)).map(({ hash }) => hash)
  const noteColumns = async () => (await pg.query('SELECT * FROM notes')).fields.map(({ name }) => name)

  /** A build with this chain, whose server has that one. */
  const open = (build: readonly Migration[], server: readonly Migration[] | Error) =>
    bringSchemaUpToDate(pg, {
      chain: ownChain(build),
      ask: async (hash) => {
        asked.push(hash)
        if (server instanceof Error) throw server
        return readSchemaAnswer(JSON.stringify(answerForHash(server, hash)), hash)
      },
    })
  const ready = (migration: Migration, state: string, more: object = {}) => ({
    kind: 'ready',
    schema: { hash: migration.hash, state, isOutdated: false, problem: null, ...more },
  })

  it('has nothing to do at the head of the build, and asks nobody', async () => {
    expect(await open([first], new Error('asked'))).toEqual(ready(first, 'current'))
    expect(asked).toEqual([])
  })

  it('brings an older database to the head from its own copy, offline, with its rows', async () => {
    expect(await open([first, second, third], new Error('asked'))).toEqual(ready(third, 'migrated'))
    expect(await applied()).toEqual([first.hash, second.hash, third.hash])
    expect((await pg.query('SELECT * FROM notes')).rows).toEqual([{ id: 1, body: 'kept', mood: null }])
    expect(await open([first, second, third], new Error('asked'))).toEqual(ready(third, 'current'))
  })

  it('leaves the database as it was when the last of several migrations fails, and asks for a new one', async () => {
    const [, , broken] = await makeChain([{ kind: 'additive', sql: 'SELECT * FROM nowhere' }], [first, second])
    if (!broken) throw new Error('no migration')
    expect(await open([first, second, broken], new Error('asked'))).toMatchObject({ kind: 'reset', reason: 'damaged' })
    expect(await applied()).toEqual([first.hash])
    expect(await noteColumns()).toEqual(['id', 'body'])
  })

  it('takes back a migration after which a view can’t be read', async () => {
    const [, unreadable] = await makeChain(
      [{ kind: 'additive', sql: 'CREATE VIEW broken AS SELECT 1 / (id - id) AS x FROM notes_synced' }],
      [first],
    )
    if (!unreadable) throw new Error('no migration')
    expect(await open([first, unreadable], new Error('asked'))).toMatchObject({ kind: 'reset', reason: 'damaged' })
    expect((await pg.query(`SELECT to_regclass('broken') AS name`)).rows).toEqual([{ name: null }])
  })

  it('asks for a new database when a reset lies between', async () => {
    const chain = await makeChain(
      [
        { kind: 'reset', sql: BASE },
        { kind: 'additive', sql: 'SELECT 1' },
      ],
      [first],
    )
    expect(await open(chain, new Error('asked'))).toMatchObject({ kind: 'reset', reason: 'destructive' })
  })

  describe('with a database that a newer build has had', () => {
    beforeEach(() => open([first, second], new Error('asked')))

    it('works on, when the server knows its schema', async () => {
      expect(await open([first], [first, second])).toEqual(ready(second, 'ahead'))
      expect(asked).toEqual([second.hash])
      expect((await pg.query('SELECT body FROM notes')).rows).toEqual([{ body: 'kept' }])
    })

    it('takes what the server has added since', async () => {
      expect(await open([first], [first, second, third])).toEqual(ready(third, 'ahead'))
      expect(await applied()).toEqual([first.hash, second.hash, third.hash])
    })

    it('works on when the server is past a reset, and says that the page is outdated', async () => {
      const chain = await makeChain([{ kind: 'reset', sql: BASE }], [first, second])
      expect(await open([first], chain)).toEqual(ready(second, 'ahead', { isOutdated: true }))
    })

    it('asks for a new one when the server does not know it either, after a deploy was taken back', async () => {
      expect(await open([first], [first])).toMatchObject({ kind: 'reset', reason: 'unknown' })
      expect(await noteColumns()).toContain('mood')
    })

    it.each([
      ['there is no network', new SchemaUnreachableError('no network')],
      ['the answer is nonsense', new SchemaAnswerError('no JSON')],
    ])('reads what there is, unverified, when %s', async (_why, error) => {
      expect(await open([first], error)).toEqual(ready(second, 'unverified', { problem: error.message }))
      expect((await pg.query('SELECT body FROM notes')).rows).toEqual([{ body: 'kept' }])
    })

    it('stays as it is when a streamed migration fails', async () => {
      const chain = await makeChain(
        [{ kind: 'additive', sql: 'CREATE TABLE x (); SELECT * FROM nowhere' }],
        [first, second],
      )
      expect(await open([first], chain)).toMatchObject({
        kind: 'ready',
        schema: { hash: second.hash, state: 'unverified', problem: expect.stringContaining('nowhere') },
      })
      expect((await pg.query(`SELECT to_regclass('x') AS name`)).rows).toEqual([{ name: null }])
      expect(await applied()).toEqual([first.hash, second.hash])
    })

    it('refuses a streamed migration that ends the transaction, before it has changed anything', async () => {
      const chain = await makeChain(
        [{ kind: 'additive', sql: 'CREATE TABLE x (); COMMIT; CREATE TABLE y ()' }],
        [first, second],
      )
      expect(await open([first], chain)).toMatchObject({ schema: { hash: second.hash, state: 'unverified' } })
      expect((await pg.query(`SELECT to_regclass('x') AS name`)).rows).toEqual([{ name: null }])
    })
  })

  it('asks for a new database, and nobody, when the database is past a reset that the build does not know', async () => {
    const [, newer] = await makeChain([{ kind: 'reset', sql: BASE }], [first])
    if (!newer) throw new Error('no migration')
    await recordMigrations(pg, [newer])
    expect(await open([first], new Error('asked'))).toMatchObject({ kind: 'reset', reason: 'newer' })
    expect(asked).toEqual([])
  })

  it.each([
    ['no record of its schema', 'DROP TABLE landfall_schema'],
    ['an empty record', 'DELETE FROM landfall_schema'],
  ])('asks for a new database when there is %s', async (_what, sql) => {
    await pg.exec(sql)
    expect(await open([first], new Error('asked'))).toMatchObject({ kind: 'reset', reason: 'damaged' })
  })
})
