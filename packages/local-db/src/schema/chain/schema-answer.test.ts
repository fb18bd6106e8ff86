import { describe, expect, it } from 'vitest'
import { makeChain } from '../../testing/make-chain.ts'
import {
  ANSWER_LIMITS,
  answerForHash,
  readSchemaAnswer,
  type SchemaAnswer,
  SchemaAnswerError,
} from './schema-answer.ts'

const chain = await makeChain([
  { kind: 'reset', sql: 'one' },
  { kind: 'additive', sql: 'two' },
  { kind: 'reset', sql: 'three', operations: { note: { drop: ['mood'] } } },
  { kind: 'additive', sql: 'four' },
  { kind: 'additive', sql: 'five' },
])
const hashes = chain.map(({ hash }) => hash)
const [, , third = '', fourth = '', head = ''] = hashes
const unknown = 'f'.repeat(64)

describe('answerForHash', () => {
  it('calls its own head current', () => {
    expect(answerForHash(chain, head)).toEqual({ head, status: 'current' })
  })

  it('gives what is missing, oldest first', () => {
    expect(answerForHash(chain, third)).toMatchObject({
      status: 'behind',
      migrations: [{ sql: 'four' }, { sql: 'five' }],
    })
    expect(answerForHash(chain, fourth)).toMatchObject({ status: 'behind', migrations: [{ sql: 'five' }] })
  })

  it.each([0, 1])('asks for a new database when a reset lies between, from place %i', (place) => {
    expect(answerForHash(chain, hashes[place] ?? '')).toEqual({
      head,
      status: 'reset',
      operations: [{ note: { drop: ['mood'] } }],
    })
  })

  it('knows nothing of a schema that it never had', () => {
    expect(answerForHash(chain, unknown)).toEqual({ head, status: 'unknown' })
  })
})

describe('readSchemaAnswer', () => {
  const behind = answerForHash(chain, third) as Extract<SchemaAnswer, { status: 'behind' }>
  const [four, five] = behind.migrations

  it.each(hashes)('reads what the server says of %s', async (hash) => {
    const answer = answerForHash(chain, hash)
    expect(await readSchemaAnswer(JSON.stringify(answer), hash)).toEqual(answer)
  })

  it.each<[string, unknown, string]>([
    ['a page of a network that wants a sign-in', '<!doctype html>', third],
    ['an empty object', {}, third],
    ['null', null, third],
    ['a status that we do not know', { head, status: 'fine' }, third],
    ['no migration though behind', { ...behind, migrations: [] }, third],
    ['a migration of the wrong kind', { ...behind, migrations: [{ ...four, kind: 'reset' }, five] }, third],
    [
      'SQL that its hash does not belong to',
      { ...behind, migrations: [{ ...four, sql: 'DROP TABLE x' }, five] },
      third,
    ],
    ['a migration left out', { ...behind, migrations: [five] }, third],
    ['a migration cut off the end', { ...behind, migrations: [four] }, third],
    ['another order', { ...behind, migrations: [five, four] }, third],
    ['what is missing from another schema', behind, fourth],
    ['current, with another head', { head, status: 'current' }, third],
    ['a hash that is none', { head: 'x', status: 'unknown' }, third],
    ['too many migrations', { ...behind, migrations: Array(ANSWER_LIMITS.migrations + 1).fill(four) }, third],
    ['too much', { ...behind, padding: ' '.repeat(ANSWER_LIMITS.bytes) }, third],
  ])('refuses %s', async (_what, answer, hash) => {
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
    await expect(readSchemaAnswer(text, hash)).rejects.toThrow(SchemaAnswerError)
  })

  it('takes an answer that a newer server says more in', async () => {
    expect(await readSchemaAnswer(JSON.stringify({ head, status: 'current', since: 'today' }), head)).toEqual({
      head,
      status: 'current',
    })
  })
})
