import { PGlite } from '@electric-sql/pglite'
import { live } from '@electric-sql/pglite/live'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { makeChain } from '../../testing/make-chain.ts'
import { SchemaUnreachableError } from './ask-server.ts'
import { SchemaFollower } from './follow-schema.ts'
import { answerForHash, type SchemaAnswer } from './schema-answer.ts'
import type { SchemaState, SchemaStatus } from './schema-status.ts'
import { recordMigrations } from './stored-schema.ts'

const BASE = `
  CREATE TABLE landfall_schema (place int PRIMARY KEY, name text, hash text, kind text, applied_at timestamptz);
  CREATE TABLE notes_synced (id int PRIMARY KEY, body text);
  CREATE VIEW notes AS SELECT id, body FROM notes_synced;`

const [first, second] = await makeChain([
  { kind: 'reset', sql: BASE },
  {
    kind: 'additive',
    sql: `ALTER TABLE notes_synced ADD COLUMN mood text;
          CREATE OR REPLACE VIEW notes AS SELECT id, body, mood FROM notes_synced;`,
  },
])
if (!first || !second) throw new Error('no chain')
const unreachable = new SchemaUnreachableError('no network')

describe('SchemaFollower', () => {
  const databases: PGlite[] = []
  let answers: (SchemaAnswer | Error)[]
  let asked: number
  let told: SchemaStatus[]
  let resets: string[]
  let rests: number
  beforeEach(() => {
    answers = []
    told = []
    resets = []
    asked = 0
    rests = 0
  })
  afterAll(() => Promise.all(databases.map((pg) => pg.close())))

  /** Answers in order; the last one goes on being given. */
  async function follow(state: SchemaState, given: (SchemaAnswer | Error)[], pg = {} as PGlite) {
    answers = given
    const follower = new SchemaFollower({
      pg,
      schema: { hash: first?.hash ?? '', state, isOutdated: false, problem: null },
      ask: async () => {
        const answer = answers[Math.min(asked++, answers.length - 1)]
        if (answer instanceof Error || !answer) throw answer
        return answer
      },
      onStatus: (schema) => told.push(schema),
      onReset: (detail) => resets.push(detail),
      whileStreamsRest: (work) => {
        rests++
        return work()
      },
      retryDelayMs: () => 1,
    })
    follower.start()
    return follower
  }

  it('tells nothing when the server has the same', async () => {
    await follow('current', [{ head: first.hash, status: 'current' }])
    await expect.poll(() => asked).toBe(1)
    expect(told).toEqual([])
  })

  it('says that the page is outdated when the server is past a reset, and goes on', async () => {
    await follow('current', [{ head: second.hash, status: 'reset', operations: [] }])
    await expect.poll(() => told).toMatchObject([{ state: 'current', isOutdated: true }])
    expect(resets).toEqual([])
  })

  it('does not give up our own schema for a server that is older', async () => {
    await follow('migrated', [{ head: second.hash, status: 'unknown' }])
    await expect.poll(() => asked).toBe(1)
    expect(resets).toEqual([])
  })

  it('asks again until there is an answer, and tells the problem in between once', async () => {
    await follow('unverified', [unreachable, unreachable, { head: first.hash, status: 'current' }])
    await expect.poll(() => told.at(-1)).toMatchObject({ state: 'ahead', problem: null })
    expect(told.map(({ state, problem }) => [state, problem])).toEqual([
      ['unverified', 'no network'],
      ['ahead', null],
    ])
  })

  it('gives up a schema that turns out to be unknown to the server', async () => {
    await follow('unverified', [unreachable, { head: second.hash, status: 'unknown' }])
    await expect.poll(() => resets.length).toBe(1)
  })

  it('asks nobody without a network, and at once when it is back', async () => {
    const follower = await follow('unverified', [unreachable])
    follower.setOnline(false)
    await expect.poll(() => told.length).toBe(1)
    const before = asked
    answers = [{ head: first.hash, status: 'current' }]
    follower.setOnline(true)
    await expect.poll(() => told.at(-1)?.state).toBe('ahead')
    expect(asked).toBe(before + 1)
  })

  it('stops asking when it is stopped', async () => {
    const follower = await follow('unverified', [unreachable])
    follower.stop()
    await expect.poll(() => told.length).toBe(1)
    follower.setOnline(false)
    follower.setOnline(true)
    expect(asked).toBe(1)
  })

  it('applies what a newer server adds while a live query reads, and keeps the query alive', async () => {
    const pg = await PGlite.create({ extensions: { live } })
    databases.push(pg)
    await pg.exec(BASE)
    await recordMigrations(pg, [first])
    const seen: unknown[] = []
    await pg.live.query('SELECT * FROM notes', [], ({ rows }) => void seen.push(rows))
    await follow('current', [answerForHash([first, second], first.hash)], pg)
    await expect.poll(() => told).toMatchObject([{ state: 'ahead', hash: second.hash }])
    expect(rests).toBe(1)
    await pg.exec(`INSERT INTO notes_synced VALUES (1, 'a', 'b')`)
    await expect.poll(() => seen.at(-1)).toEqual([{ id: 1, body: 'a' }])
    expect((await pg.query('SELECT * FROM notes')).rows).toEqual([{ id: 1, body: 'a', mood: 'b' }])
  })
})
