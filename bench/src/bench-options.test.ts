import { expect, test } from 'vitest'
import { readOptions, UnknownOptionError } from './bench-options.ts'
import { FULL, QUICK } from './measure/effort.ts'

test('without options everything is measured at full length and written down', () => {
  expect(readOptions([])).toEqual({
    measures: ['submit', 'drain', 'ingest', 'poison', 'growth', 'sync', 'live', 'shapes', 'local-db'],
    effort: FULL,
    isWrittenDown: true,
  })
})

test('a part of it is measured in the usual order, and written down in its place', () => {
  expect(readOptions(['--only', 'ingest,submit'])).toMatchObject({
    measures: ['submit', 'ingest'],
    isWrittenDown: true,
  })
})

test('a quick run is not written down', () => {
  expect(readOptions(['--', '--quick'])).toMatchObject({ effort: QUICK, isWrittenDown: false })
})

test.each([[['--only', 'latency']], [['--slow']], [['submit']]])('%j is answered with the usage', (args) => {
  expect(() => readOptions(args)).toThrow(UnknownOptionError)
  expect(() => readOptions(args)).toThrow(/pnpm bench \[--only/)
})
