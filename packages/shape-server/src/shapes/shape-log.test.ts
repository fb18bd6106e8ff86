import { expect, test, vi } from 'vitest'
import { messagesIn, openTestStorage } from '../testing/test-storage.ts'
import { formatOffset, parseOffset } from './offset.ts'
import { ShapeLog } from './shape-log.ts'

const at = (text: string) => {
  const offset = parseOffset(text)
  if (offset?.kind !== 'position') throw new Error(text)
  return offset.offset
}
const line = (offset: string, json = `{"m":"${offset}"}`, isLast = true) => ({ offset: at(offset), json, isLast })
const START = '0_inf'

/** A log whose snapshot has these rows, each in a chunk of its own unless they are to stand together. */
async function logOf({ rows = [], chunkBytes = 1 }: { rows?: string[]; chunkBytes?: number } = {}, tailBytes?: number) {
  const storage = await openTestStorage(tailBytes === undefined ? {} : { tailBytes })
  const folder = storage.create('1-1', (error) => {
    throw error
  })
  const writer = await folder.startSnapshot(chunkBytes)
  const log = new ShapeLog(folder)
  const add = (row: string) => writer.write(Buffer.from(`,{"m":"${row}"}\n`))
  for (const row of rows) await add(row)
  const finish = () => writer.finish('{"m":"end"}')
  return { folder, log, add, finish }
}

async function followed(tailBytes?: number) {
  const { finish, ...rest } = await logOf({}, tailBytes)
  await finish()
  return rest
}

async function read(log: ShapeLog, offset: string) {
  const { messages, next, reachesEnd } = await (offset === '-1' ? log.readStart() : log.readAfter(at(offset)))
  const parsed = (await messagesIn(messages)) as unknown as { m: string }[]
  return [parsed.map(({ m }) => m), formatOffset(next), reachesEnd]
}

test('a snapshot is read chunk by chunk, and its end is not the end of the log', async () => {
  const { log, finish } = await logOf({ rows: ['a', 'b'] })
  await finish()
  expect(await read(log, '-1')).toEqual([['a'], '0_0', false])
  expect(await read(log, '0_0')).toEqual([['b'], '0_1', false])
  expect(await read(log, '0_1')).toEqual([['end'], '0_2', false])
  expect(await read(log, '0_2')).toEqual([[], '0_inf', true])
})

test('a chunk is cut between rows, wherever the pieces end that rows come in', async () => {
  const { folder, log } = await logOf()
  const writer = await folder.startSnapshot(20)
  const rows = Array.from({ length: 9 }, (_, index) => `,{"m":"é${index}"}\n`).join('')
  for (const byte of Buffer.from(rows)) await writer.write(Buffer.from([byte]))
  await writer.finish('{"m":"end"}')
  const found: unknown[] = []
  for (let offset = '-1', isEnd = false; !isEnd; ) {
    const [messages, next, reachesEnd] = await read(log, offset)
    found.push(...(messages as string[]))
    offset = String(next)
    isEnd = Boolean(reachesEnd)
  }
  expect(found).toEqual([...Array.from({ length: 9 }, (_, index) => `é${index}`), 'end'])
})

test('a chunk is answered as soon as it is there, and the end only when there is one', async () => {
  const { log, add, finish } = await logOf({ rows: ['a', 'b'] })
  log.append([line('100_0')])
  expect(await read(log, '-1')).toEqual([['a'], '0_0', false])
  expect(log.hasChangesAfter(at('0_0'))).toBe(true)
  expect(log.hasChangesAfter(at('0_1'))).toBe(false)
  const third = read(log, '0_1')
  const end = read(log, '100_0')
  await add('c')
  expect(await third).toEqual([['c'], '0_2', false])
  expect(formatOffset(log.end)).toBe('0_inf')
  await finish()
  expect(await end).toEqual([[], '100_0', true])
  expect(await read(log, '0_3')).toEqual([['100_0'], '100_0', true])
})

test('whoever waits for a snapshot that is given up is told', async () => {
  const { folder, log } = await logOf()
  const waiting = read(log, '-1')
  folder.remove()
  await expect(waiting).rejects.toThrow('given up')
})

test.each([
  ['in memory', undefined],
  ['on disk', 0],
])('changes are read from any offset, also from between two of them: %s', async (_, tailBytes) => {
  const { log, folder } = await followed(tailBytes)
  for (const offset of ['100_0', '100_4', '90071992547409931_0']) log.append([line(offset)])
  await folder.changes.sync()
  expect(await read(log, START)).toEqual([['100_0', '100_4', '90071992547409931_0'], '90071992547409931_0', true])
  expect((await read(log, '100_2'))[0]).toEqual(['100_4', '90071992547409931_0'])
  expect((await read(log, '90071992547409930_0'))[0]).toEqual(['90071992547409931_0'])
  expect(await read(log, '90071992547409931_0')).toEqual([[], '90071992547409931_0', true])
})

test('a long log is read in pages that go on where the last one ended', async () => {
  const { log } = await followed()
  const large = `{"m":"${'x'.repeat(6_000_000)}"}`
  for (const offset of ['1_0', '1_2', '2_0']) log.append([line(offset, large)])
  const [, next, reachesEnd] = await read(log, START)
  expect([next, reachesEnd]).toEqual(['1_2', false])
  expect((await read(log, '1_2')).slice(1)).toEqual(['2_0', true])
})

test.each([
  ['small', 10],
  ['large', 2_000],
])('readers of the same %s range share its text', async (_, count) => {
  const { log, folder } = await followed()
  const lines = Array.from({ length: count }, (_line, op) =>
    line(`5_${op}`, `{"m":"${'x'.repeat(500)}"}`, op === count - 1),
  )
  log.append(lines)
  const reads = [vi.spyOn(folder.changes, 'peek'), vi.spyOn(folder.changes, 'read')]
  const results = await Promise.all([1, 2, 3].map(() => read(log, START)))
  for (const result of results) expect(result).toEqual([lines.map(() => 'x'.repeat(500)), `5_${count - 1}`, true])
  expect(reads.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBe(1)
})

test('a transaction is visible only as a whole, and not at all when it is taken back', async () => {
  const { log, folder } = await followed(0)
  log.append([line('1_0')])
  log.append([line('2_0', undefined, false)])
  expect(log.hasChangesAfter(at('1_0'))).toBe(false)
  expect(await read(log, START)).toEqual([['1_0'], '1_0', true])
  await folder.changes.sync()
  log.discardOpen()
  log.append([line('2_0', '{"m":"again"}', false)])
  log.append([line('2_2')])
  expect(await read(log, START)).toEqual([['1_0', 'again', '2_2'], '2_2', true])
  await folder.changes.sync()
  expect(await read(log, '1_0')).toEqual([['again', '2_2'], '2_2', true])
})

test.each(['', 'abc', '-2', '5_', '_5', ' 0_0', '0_0 ', '0', '1_-1', '1_inf2', '0x1_0'])('%j is no offset', (text) => {
  expect(parseOffset(text)).toBeUndefined()
})
