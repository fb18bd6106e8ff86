import process from 'node:process'
import { type Arguments, readArguments, USAGE } from './arguments.ts'
import { modelScenarios, shrinkModel } from './model/scenarios.ts'
import { printHead, printRow, say, sumOf } from './report/print.ts'
import type { Row } from './report/row.ts'
import { runScenario } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'

// `pnpm faults`: every fault that we can cause, and what became of every write meanwhile.

interface Layer<World> {
  scenarios: Scenario<World>[]
  /** Starts what all runs of the layer share, and says which versions they ran on. */
  start(): Promise<{ world: World; about: string[]; stop(): Promise<void> }>
}

const layers: Layer<never>[] = [
  { scenarios: modelScenarios, start: async () => ({ world: undefined as never, about: [], stop: async () => {} }) },
]

const names = layers.flatMap((layer) => layer.scenarios.map((scenario) => scenario.name))
const nameWidth = Math.max(...names.map((name) => name.length))

async function main(wanted: Arguments): Promise<number> {
  const isWanted = ({ name }: { name: string }) =>
    wanted.only.length === 0 || wanted.only.some((beginning) => name.startsWith(beginning))
  const runsOf = (scenario: Scenario<never>) => wanted.runs ?? (wanted.isShort ? scenario.shortRuns : scenario.runs)
  if (!layers.some((layer) => layer.scenarios.some(isWanted))) {
    say(`There is no scenario "${wanted.only.join(', ')}". There are:\n  ${names.join('\n  ')}`)
    return 2
  }
  say(`Seed ${wanted.seed}\n`)
  printHead(nameWidth)
  const rows: Row[] = []
  for (const layer of layers) {
    const scenarios = layer.scenarios.filter((scenario) => isWanted(scenario) && runsOf(scenario) > 0)
    if (scenarios.length === 0) continue
    const { world, stop } = await layer.start()
    try {
      for (const scenario of scenarios) {
        const row = await runScenario(scenario, world, wanted.seed, runsOf(scenario))
        printRow(row, nameWidth)
        rows.push(row)
      }
    } finally {
      await stop()
    }
  }
  printRow(sumOf(rows), nameWidth)
  const failures = rows.flatMap((row) => row.failures.map(({ seed }) => ({ name: row.name, seed })))
  const [only] = failures
  if (only && wanted.runs === 1 && only.name.startsWith('model-')) {
    say(`\nThe smallest plan that still fails:\n${await shrinkModel(only.name, only.seed)}`)
  }
  const isFull = wanted.only.length === 0 && wanted.runs === undefined && !wanted.isShort
  if (isFull) say('\nNot written yet.')
  return failures.length === 0 ? 0 : 1
}

let wanted: Arguments | undefined
try {
  wanted = readArguments(process.argv.slice(2))
} catch (error) {
  say(`${(error as Error).message}\n\n${USAGE}`)
}
process.exit(wanted ? await main(wanted) : 2)
