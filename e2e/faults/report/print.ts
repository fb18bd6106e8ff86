import { stdout } from 'node:process'
import { addTallies, EMPTY_TALLY } from '../tally.ts'
import { COLUMNS, cellsOf, type Row, replayOf } from './row.ts'

/** Lines of a scenario that are worth reading; a bug fails hundreds of runs alike. */
const MOST_FAILURES = 5

export const say = (line = '') => void stdout.write(`${line}\n`)

export function printHead(nameWidth: number): void {
  say(`${'scenario'.padEnd(nameWidth)}  ${COLUMNS.join('  ')}  seconds`)
}

export function printRow(row: Row, nameWidth: number): void {
  const cells = cellsOf(row).map((cell, index) => String(cell).padStart(COLUMNS[index]?.length ?? 0))
  say(`${row.name.padEnd(nameWidth)}  ${cells.join('  ')}  ${row.seconds.toFixed(1).padStart(7)}`)
  for (const { seed, findings } of row.failures.slice(0, MOST_FAILURES)) {
    say(`  ✗ ${replayOf(row.name, seed)}`)
    for (const finding of findings.slice(0, MOST_FAILURES)) say(`      ${finding}`)
  }
  const more = row.failures.length - MOST_FAILURES
  if (more > 0) say(`  ✗ and ${more} runs more`)
}

/** The last line of the table. */
export function sumOf(rows: readonly Row[]): Row {
  return {
    name: 'all',
    breaks: '',
    runs: rows.reduce((sum, row) => sum + row.runs, 0),
    tally: rows.map((row) => row.tally).reduce(addTallies, EMPTY_TALLY),
    failures: [],
    seconds: rows.reduce((sum, row) => sum + row.seconds, 0),
  }
}
