import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanUp } from '../testing/clean-up.ts'
import { findLineBehind } from './line-search.ts'
import { encodeLines, type LogLine, parsePrefix } from './log-line.ts'
import { recoverLog } from './recover-log.ts'

async function logFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-log-'))
  cleanUp(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'changes.log')
}

/** Transactions 10, 20, 30, … of so many lines each. */
function transactions(...sizes: number[]): LogLine[] {
  return sizes.flatMap((size, index) =>
    Array.from({ length: size }, (_, op) => ({
      offset: { lsn: BigInt(index + 1) * 10n, op: op * 2 },
      json: `{"value":{"text":"é ${index}"}}`,
      isLast: op === size - 1,
    })),
  )
}

test('wherever a file is torn, what is left ends with a whole transaction', async () => {
  const path = await logFile()
  const sizes = [1, 3, 2]
  const whole = encodeLines(transactions(...sizes))
  const ends = sizes.map((_, index) => encodeLines(transactions(...sizes.slice(0, index + 1))).length)
  for (let length = 0; length <= whole.length; length += 1) {
    await writeFile(path, whole.subarray(0, length))
    const { size, end } = await recoverLog(path, 0n)
    const expected = ends.findLast((at) => at <= length)
    expect(size).toBe(expected ?? 0)
    expect(end?.lsn).toBe(expected && BigInt(ends.indexOf(expected) + 1) * 10n)
    expect(await readFile(path)).toEqual(whole.subarray(0, size))
  }
})

test.each([
  ['zeros, as after a power cut', (bytes: Buffer, at: number) => bytes.fill(0, at, at + 20)],
  ['an offset that goes back', (bytes: Buffer, at: number) => bytes.write('05_0;', at)],
  ['a line that is none', (bytes: Buffer, at: number) => bytes.write('hello', at)],
])('behind what was synced everything from a bad line on is cut off: %s', async (_, damage) => {
  const path = await logFile()
  const bytes = encodeLines(transactions(1, 1, 1, 1))
  const third = encodeLines(transactions(1, 1)).length
  damage(bytes, third)
  await writeFile(path, bytes)
  expect(await recoverLog(path, 10n)).toEqual({ size: third, end: { lsn: 20n, op: 0 } })
})

test('a log of which everything was synced is not read as a whole', async () => {
  const path = await logFile()
  await writeFile(path, encodeLines(transactions(2, 2)))
  expect(await recoverLog(path, 1_000n)).toMatchObject({ end: { lsn: 20n, op: 2 } })
  expect(await recoverLog(await logFile(), 1_000n)).toEqual({ size: 0, end: undefined })
})

test('a line is found by halving as it is found by walking', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ step: fc.integer({ min: 1, max: 3 }), length: fc.constantFrom(0, 10, 500, 40_000, 200_000) }),
        {
          maxLength: 60,
        },
      ),
      fc.integer({ min: 0, max: 200 }),
      async (lines, wanted) => {
        let lsn = 0n
        const bytes = encodeLines(
          lines.map(({ step, length }) => {
            lsn += BigInt(step)
            return { offset: { lsn, op: 0 }, json: `{"${'x'.repeat(length)}"}`, isLast: true }
          }),
        )
        const source = {
          readAt: async (position: number, length: number) => bytes.subarray(position, position + length),
        }
        const found = await findLineBehind(source, bytes.length, { lsn: BigInt(wanted), op: 0 })
        let walked = 0
        while (walked < bytes.length && (parsePrefix(bytes, walked)?.offset.lsn ?? 0n) <= BigInt(wanted)) {
          walked = bytes.indexOf(10, walked) + 1
        }
        expect(found).toBe(walked)
      },
    ),
  )
})
