import { describe, expect, test } from 'vitest'
import { MAX_LENGTH, MAX_NESTING, parseBounded } from './parse-bounded.ts'
import { parseWhere } from './parse-where.ts'
import { WhereError } from './where-error.ts'

const parse = (clause: string) => parseBounded(`SELECT 1 WHERE ${clause}`)

describe('what would exhaust the parser is refused before it is parsed', () => {
  test.each([
    ['parentheses', `${'('.repeat(100_000)}1${')'.repeat(100_000)}`],
    ['sums', `1${'+1'.repeat(20_000)}`],
    ['negations', `${'NOT '.repeat(40_000)}true`],
    ['cases', `${'CASE WHEN true AND '.repeat(5_000)}true${' THEN 1 END'.repeat(5_000)}`],
    ['casts', `1${'::int'.repeat(10_000)}`],
    ['calls', `${'abs('.repeat(2_000)}1${')'.repeat(2_000)}`],
    ['comparisons behind lists', `1 IN (${'1, (1 IN ('.repeat(2_000)}1${'))'.repeat(2_000)})`],
    ['tests', `a${' IS NULL'.repeat(20_000)}`],
    ['many words', '1, '.repeat(60_000)],
    ['a long text', `t = '${'x'.repeat(MAX_LENGTH)}'`],
  ])('%s', async (_, clause) => {
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(parse(clause)).rejects.toThrow(WhereError)
    await expect(parse('a = 1')).resolves.toBeDefined()
  })
})

test.each([
  ['a list of 10,000 items', `id IN (${Array.from({ length: 10_000 }, (_, id) => id).join(',')})`],
  ['10,000 alternatives', `id = 0${' OR id = 1'.repeat(10_000)}`],
  [
    'half the levels of nesting that are allowed',
    `${'('.repeat(MAX_NESTING / 2 - 2)}1${')'.repeat(MAX_NESTING / 2 - 2)}`,
  ],
  ['a text with every bracket in it', `t = '${'(['.repeat(1_000)}'`],
])('%s is parsed', async (_, clause) => {
  await expect(parse(clause)).resolves.toBeDefined()
})

test.each(["t = 'open", 't = "open', '/* open', 't = $$open', ')', ']]]] = 1'])(
  '%s is refused as malformed',
  async (clause) => {
    await expect(parse(clause)).rejects.toThrow(WhereError)
  },
)

test('parameters count with the text they bring', async () => {
  await expect(
    parseWhere('t = $1 OR t = $2', ['x'.repeat(MAX_LENGTH / 2), 'y'.repeat(MAX_LENGTH / 2)]),
  ).rejects.toThrow(/longer than/)
})
