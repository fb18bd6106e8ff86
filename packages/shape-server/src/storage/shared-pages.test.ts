import { expect, test } from 'vitest'
import { SharedPages } from './shared-pages.ts'

const LOG = {}
const SPAN = { start: 0, end: 6 }

/** Says how often it was made, and how many of them were ended. */
function source(texts = ['abc', 'def']) {
  const counts = { made: 0, ended: 0 }
  async function* make() {
    counts.made += 1
    try {
      for (const text of texts) yield Buffer.from(text)
    } finally {
      counts.ended += 1
    }
  }
  return { counts, make }
}
async function textOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

test('readers of the same range share its text, and the last one gives it up', async () => {
  const pages = new SharedPages()
  const { counts, make } = source()
  const first = pages.pieces(LOG, SPAN, make)
  expect(String((await first.next()).value)).toBe('abc')
  expect(pages.bytes).toBe(6)
  expect(await textOf(pages.pieces(LOG, SPAN, make))).toBe('abcdef')
  expect(await textOf(first)).toBe('def')
  expect([counts, pages.bytes]).toEqual([{ made: 1, ended: 1 }, 0])
})

test('readers that go away early leave nothing behind, and take nothing from those that come later', async () => {
  const pages = new SharedPages()
  const { counts, make } = source()
  const given = pages.pieces(LOG, SPAN, make)
  await given.next()
  await given.return(undefined)
  expect([counts, pages.bytes]).toEqual([{ made: 1, ended: 1 }, 0])
  expect(await textOf(pages.pieces(LOG, SPAN, make))).toBe('abcdef')
})

test('another range, and the same of another log, have texts of their own', async () => {
  const pages = new SharedPages()
  const open = pages.pieces(LOG, SPAN, source().make)
  await open.next()
  expect(await textOf(pages.pieces(LOG, { start: 3, end: 6 }, source(['def']).make))).toBe('def')
  expect(await textOf(pages.pieces({}, SPAN, source(['xyz']).make))).toBe('xyz')
  expect(await textOf(open)).toBe('def')
})

test('a failure reaches every reader', async () => {
  const pages = new SharedPages()
  async function* make(): AsyncGenerator<Buffer> {
    yield Buffer.from('abc')
    throw new Error('no disk')
  }
  const readers = [1, 2].map(() => textOf(pages.pieces(LOG, SPAN, make)))
  for (const reader of readers) await expect(reader).rejects.toThrow('no disk')
  expect(pages.bytes).toBe(0)
})

test('together they keep no more than the budget; what has no room is made for each reader', async () => {
  const pages = new SharedPages(10)
  const small = (text: string) => pages.whole({}, SPAN, () => Buffer.from(text))
  expect(['abcd', 'efgh', 'ijkl'].map(small).join('')).toBe('abcdefghijkl')
  expect(pages.bytes).toBe(8)
  const open = pages.pieces(LOG, SPAN, source().make)
  await open.next()
  expect(pages.bytes).toBe(10)
  const { counts, make } = source()
  const others = [1, 2].map(() => textOf(pages.pieces({}, SPAN, make)))
  expect(await Promise.all(others)).toEqual(['abcdef', 'abcdef'])
  expect([counts.made, pages.bytes]).toEqual([2, 6])
})

test('the latest small range of a log is made once, and an older one is given up', () => {
  const pages = new SharedPages()
  let made = 0
  const read = (end: number) =>
    pages.whole(LOG, { start: 0, end }, () => {
      made += 1
      return Buffer.alloc(end)
    })
  read(4)
  read(4)
  expect([made, pages.bytes]).toEqual([1, 4])
  read(5)
  expect([made, pages.bytes]).toEqual([2, 5])
  pages.forget(LOG)
  expect(pages.bytes).toBe(0)
})
