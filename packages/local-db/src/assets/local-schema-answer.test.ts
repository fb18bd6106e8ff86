import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSchemaAnswer } from '../schema/chain/schema-answer.ts'
import { makeChain } from '../testing/make-chain.ts'
import { AssetsNotBuiltError } from './errors.ts'
import { LocalSchemaQueryError, localSchemaAnswer } from './local-schema-answer.ts'

const chain = await makeChain([
  { kind: 'reset', sql: 'one' },
  { kind: 'additive', sql: 'two' },
])
const [first = '', second = ''] = chain.map(({ hash }) => hash)

describe('localSchemaAnswer', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'landfall-local-schema-'))
    await writeFile(join(directory, 'schema-chain.json'), JSON.stringify(chain))
  })
  afterAll(() => rm(directory, { recursive: true }))

  const ask = (query: string) => localSchemaAnswer(new URLSearchParams(query), directory)

  it('answers from the chain of the build, in a form that a device takes', async () => {
    const { body } = await ask(`hash=${first}`)
    expect(body).toMatchObject({ head: second, status: 'behind', migrations: [{ sql: 'two' }] })
    expect(await readSchemaAnswer(JSON.stringify(body), first)).toEqual(body)
    expect((await ask(`hash=${second}`)).body).toEqual({ head: second, status: 'current' })
    expect((await ask(`hash=${'0'.repeat(64)}`)).body).toEqual({ head: second, status: 'unknown' })
  })

  it('has another etag for another question', async () => {
    const etags = await Promise.all([first, second].map(async (hash) => (await ask(`hash=${hash}`)).etag))
    expect(new Set(etags).size).toBe(2)
    expect(etags[0]).toMatch(/^"[0-9a-f-]+"$/)
  })

  it.each([
    ['no hash', ''],
    ['an empty one', 'hash='],
    ['one that is too short', `hash=${'a'.repeat(63)}`],
    ['one that is too long', `hash=${'a'.repeat(65)}`],
    ['capitals', `hash=${'A'.repeat(64)}`],
    ['a path', `hash=${encodeURIComponent('../../package.json')}`],
    ['SQL', `hash=${encodeURIComponent("' OR 1=1 --")}`],
    ['a NUL', `hash=${'a'.repeat(63)}%00`],
    ['a line break behind it', `hash=${'a'.repeat(64)}%0A`],
    ['two hashes', `hash=${'a'.repeat(64)}&hash=${'b'.repeat(64)}`],
    ['another parameter', `hash=${'a'.repeat(64)}&tenant=x`],
    ['a name of an object’s own', 'hash=constructor'],
  ])('refuses %s', async (_what, query) => {
    await expect(ask(query)).rejects.toThrow(LocalSchemaQueryError)
  })

  it('says how to build when nothing was built', async () => {
    await expect(localSchemaAnswer(new URLSearchParams(`hash=${first}`), '/nonexistent')).rejects.toThrow(
      AssetsNotBuiltError,
    )
  })
})
