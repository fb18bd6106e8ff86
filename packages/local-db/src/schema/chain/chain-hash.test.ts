import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeChain } from '../../testing/make-chain.ts'
import { ChainHashError, chainHash, verifyHashes } from './chain-hash.ts'
import { chainFile } from './migration.ts'

const reset = (sql: string, operations = {}) => ({ kind: 'reset' as const, sql, operations })
const additive = (sql: string) => ({ kind: 'additive' as const, sql })

describe('chainHash', () => {
  it('is the SHA-256 of the parts and their lengths, so that a device and any tool agree', async () => {
    const text = '0:8:additive4:null8:SELECT 1'
    expect(await chainHash('', additive('SELECT 1'))).toBe(createHash('sha256').update(text).digest('hex'))
  })

  it('tells apart what only looks the same put together', async () => {
    const hashes = await Promise.all([
      chainHash('', additive('ab')),
      chainHash('a', additive('b')),
      chainHash('', reset('ab')),
      chainHash('', reset('ab', { note: 'dropped' })),
    ])
    expect(new Set(hashes).size).toBe(4)
  })

  it('does not care in which order a specification was written', async () => {
    const [a, b] = [{ note: { drop: ['x'], rename: { y: 'z' } } }, { note: { rename: { y: 'z' }, drop: ['x'] } }]
    expect(await chainHash('', reset('', a))).toBe(await chainHash('', reset('', b)))
  })

  it('of one migration changes with every migration before it', async () => {
    const [first, second] = [
      await makeChain([reset('1'), additive('2'), additive('3')]),
      await makeChain([reset('1 '), additive('2'), additive('3')]),
    ]
    for (const place of [0, 1, 2]) expect(first[place]?.hash).not.toBe(second[place]?.hash)
  })
})

describe('verifyHashes', () => {
  it('accepts a chain as it was made, also from its middle', async () => {
    const chain = await makeChain([reset('1'), additive('2'), additive('3')])
    await verifyHashes('', chain)
    await verifyHashes(chain[0]?.hash ?? '', chain.slice(1))
  })

  it.each([0, 1, 2])('names the migration that was changed afterwards, at place %i', async (place) => {
    const chain = await makeChain([reset('1'), additive('2'), additive('3')])
    const changed = chain.map((migration, at) => (at === place ? { ...migration, sql: 'changed' } : migration))
    await expect(verifyHashes('', changed)).rejects.toThrow(ChainHashError)
    await expect(verifyHashes('', changed)).rejects.toThrow(`000${place + 1}_test`)
  })

  it('refuses another order', async () => {
    const [first, second, third] = await makeChain([reset('1'), additive('2'), additive('3')])
    if (!first || !second || !third) throw new Error('no chain')
    await expect(verifyHashes('', [first, third, second])).rejects.toThrow(ChainHashError)
  })
})

describe('chain.json', () => {
  const entry = { name: '0001_initial', kind: 'reset', hash: 'a'.repeat(64), operations: {} }

  it('takes what rewrites operations', () => {
    const operations = {
      visit: 'dropped',
      note: { rename: { text: 'body' }, drop: ['mood'], default: { kind: 'call', tags: [] } },
    }
    expect(chainFile.parse([{ ...entry, operations }])).toEqual([{ ...entry, operations }])
  })

  it.each([
    ['no migration', []],
    ['a beginning that is not a reset', [{ name: '0001_initial', kind: 'additive', hash: 'a'.repeat(64) }]],
    ['a name that leads out of the folder', [{ ...entry, name: '../0001_initial' }]],
    ['a hash that is none', [{ ...entry, hash: 'A'.repeat(64) }]],
    ['a kind that we do not know', [{ ...entry, kind: 'destructive' }]],
    ['a reset that says nothing of operations', [{ ...entry, operations: undefined }]],
    ['a word that we do not know in a specification', [{ ...entry, operations: { note: { remane: { a: 'b' } } } }]],
    ['an entity that no operation can have', [{ ...entry, operations: { 'no te': 'dropped' } }]],
    ['a name that stands twice', [entry, entry]],
  ])('refuses %s', (_what, file) => {
    expect(chainFile.safeParse(file).success).toBe(false)
  })
})
