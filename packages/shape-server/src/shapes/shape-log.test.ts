import { expect, test } from 'vitest'
import { formatOffset, parseOffset } from './offset.ts'
import { ShapeLog } from './shape-log.ts'

const at = (text: string) => {
  const offset = parseOffset(text)
  if (offset?.kind !== 'position') throw new Error(text)
  return offset.offset
}
const entry = (offset: string, json = offset) => ({ offset: at(offset), json })

function read(log: ShapeLog, offset: string) {
  const { messages, next, reachesEnd } = offset === '-1' ? log.readStart() : log.readAfter(at(offset))
  return [messages, formatOffset(next), reachesEnd]
}

test('a snapshot is read chunk by chunk, and its end is not the end of the log', () => {
  const log = new ShapeLog()
  log.setSnapshot([['a'], ['b'], ['c']])
  expect(read(log, '-1')).toEqual([['a'], '0_0', false])
  expect(read(log, '0_0')).toEqual([['b'], '0_1', false])
  expect(read(log, '0_1')).toEqual([['c'], '0_2', false])
  expect(read(log, '0_2')).toEqual([[], '0_inf', true])
})

test('changes are read from any offset, also from between two of them', () => {
  const log = new ShapeLog()
  log.append([entry('100_0'), entry('100_4'), entry('90071992547409931_0')])
  expect(read(log, '0_inf')).toEqual([['100_0', '100_4', '90071992547409931_0'], '90071992547409931_0', true])
  expect(read(log, '100_2')[0]).toEqual(['100_4', '90071992547409931_0'])
  expect(read(log, '90071992547409930_0')[0]).toEqual(['90071992547409931_0'])
  expect(read(log, '90071992547409931_0')).toEqual([[], '90071992547409931_0', true])
})

test('a long log is read in pages that go on where the last one ended', () => {
  const log = new ShapeLog()
  const large = 'x'.repeat(6_000_000)
  log.append(['1_0', '1_2', '2_0'].map((offset) => entry(offset, large)))
  const [, next, reachesEnd] = read(log, '0_inf')
  expect([next, reachesEnd]).toEqual(['1_2', false])
  expect(read(log, '1_2').slice(1)).toEqual(['2_0', true])
})

test.each(['', 'abc', '-2', '5_', '_5', ' 0_0', '0_0 ', '0', '1_-1', '1_inf2', '0x1_0'])('%j is no offset', (text) => {
  expect(parseOffset(text)).toBeUndefined()
})
