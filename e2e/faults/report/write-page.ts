import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { versions } from 'node:process'
import { fileURLToPath } from 'node:url'
import { sumOf } from './print.ts'
import { COLUMNS, cellsOf, type Row, replayOf } from './row.ts'

const PAGE = fileURLToPath(new URL('../../../docs/FAULTS.md', import.meta.url))
const BEGIN = '<!-- results: written by pnpm faults -->'
const END = '<!-- end of results -->'

/** Puts the results of a full run into docs/FAULTS.md, between its two marks; the words round them stay. */
export async function writePage(rows: readonly Row[], seed: number, about: readonly string[]): Promise<void> {
  const page = await readFile(PAGE, 'utf8')
  const [before] = page.split(BEGIN)
  const after = page.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has lost its marks for the results`)
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() || 'unnamed processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  const lines = [
    BEGIN,
    '',
    `${new Date().toISOString().slice(0, 10)} · seed ${seed} · ${machine} · Node ${versions.node} · ${about.join(' · ')}`,
    '',
    `| scenario | ${COLUMNS.join(' | ')} |`,
    `| --- |${COLUMNS.map(() => ' ---: |').join('')}`,
    ...[...rows, sumOf(rows)].map((row) => `| ${row.name} | ${cellsOf(row).join(' | ')} |`),
    '',
    ...failuresOf(rows),
    '',
    ...rows.map((row) => `- **${row.name}**: ${row.breaks}.`),
    '',
    END,
  ]
  await writeFile(PAGE, `${before}${lines.join('\n')}${after}`)
}

/** Runs in which something was found wrong, with the line that repeats each. */
function failuresOf(rows: readonly Row[]): string[] {
  const lines = rows.flatMap(({ name, failures }) =>
    failures.map(({ seed, findings }) => `- \`${replayOf(name, seed)}\`: ${findings[0]?.split('\n')[0]}`),
  )
  return lines.length === 0 ? ['No run found anything wrong.'] : ['Runs that found something wrong:', '', ...lines]
}
