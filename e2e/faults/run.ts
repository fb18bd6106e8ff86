import process from 'node:process'
import { type Arguments, readArguments, USAGE } from './arguments.ts'
import { startBrowserWorld } from './browser/browser-world.ts'
import { browserScenarios } from './browser/scenarios.ts'
import { modelScenarios, shrinkModel } from './model/scenarios.ts'
import { printHead, printRow, say, sumOf } from './report/print.ts'
import type { Row } from './report/row.ts'
import { writePage } from './report/write-page.ts'
import { runScenario } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'
import { serverScenarios } from './server/scenarios.ts'
import { startServerWorld } from './server/server-world.ts'

// `pnpm faults`: every fault that we can cause, and what became of every write meanwhile.

/** A layer with its world behind it, so that all layers are walked alike. */
interface Layer {
  scenarios: Pick<Scenario, 'name' | 'runs' | 'shortRuns'>[]
  /** Starts what all runs of the layer share, and says which versions they run on. */
  start(): Promise<{
    about: string[]
    run(name: string, seed: number, runs: number): Promise<Row>
    stop(): Promise<void>
  }>
}

function layer<World>(
  scenarios: Scenario<World>[],
  start: () => Promise<{ world: World; about: string[]; stop(): Promise<void> }>,
): Layer {
  return {
    scenarios,
    async start() {
      const { world, about, stop } = await start()
      return {
        about,
        stop,
        async run(name, seed, runs) {
          const scenario = scenarios.find((candidate) => candidate.name === name)
          if (!scenario) throw new Error(`there is no scenario ${name}`)
          return runScenario(scenario, world, seed, runs)
        },
      }
    },
  }
}

const layers: Layer[] = [
  layer<void>(modelScenarios, async () => ({ world: undefined, about: [], stop: async () => {} })),
  layer(serverScenarios, startServerWorld),
  layer(browserScenarios, startBrowserWorld),
]

const names = layers.flatMap((layer) => layer.scenarios.map((scenario) => scenario.name))
const nameWidth = Math.max(...names.map((name) => name.length))

async function main(wanted: Arguments): Promise<number> {
  const isWanted = ({ name }: { name: string }) =>
    wanted.only.length === 0 || wanted.only.some((beginning) => name.startsWith(beginning))
  const runsOf = (scenario: Layer['scenarios'][number]) =>
    wanted.runs ?? (wanted.isShort ? scenario.shortRuns : scenario.runs)
  if (!layers.some((layer) => layer.scenarios.some(isWanted))) {
    say(`There is no scenario "${wanted.only.join(', ')}". There are:\n  ${names.join('\n  ')}`)
    return 2
  }
  say(`Seed ${wanted.seed}\n`)
  printHead(nameWidth)
  const rows: Row[] = []
  const about: string[] = []
  for (const { scenarios, start } of layers) {
    const chosen = scenarios.filter((scenario) => isWanted(scenario) && runsOf(scenario) > 0)
    if (chosen.length === 0) continue
    const started = await start()
    about.push(...started.about)
    try {
      for (const scenario of chosen) {
        const row = await started.run(scenario.name, wanted.seed, runsOf(scenario))
        printRow(row, nameWidth)
        rows.push(row)
      }
    } finally {
      await started.stop()
    }
  }
  printRow(sumOf(rows), nameWidth)
  const failures = rows.flatMap((row) => row.failures.map(({ seed }) => ({ name: row.name, seed })))
  const [only] = failures
  if (only && wanted.runs === 1 && only.name.startsWith('model-')) {
    say(`\nThe smallest plan that still fails:\n${await shrinkModel(only.name, only.seed)}`)
  }
  const isFull = wanted.only.length === 0 && wanted.runs === undefined && !wanted.isShort
  if (isFull) await writePage(rows, wanted.seed, [...new Set(about)])
  return failures.length === 0 ? 0 : 1
}

let wanted: Arguments | undefined
try {
  wanted = readArguments(process.argv.slice(2))
} catch (error) {
  say(`${(error as Error).message}\n\n${USAGE}`)
}
process.exit(wanted ? await main(wanted) : 2)
