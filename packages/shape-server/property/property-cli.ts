import { argv, exit, stdout } from 'node:process'
import { type Arguments, readArguments, USAGE } from './arguments.ts'
import { describePlan, planRun } from './plan/plan.ts'
import { runSeeds } from './run/run-seeds.ts'
import { addTallies, type RunResult, type Tally } from './run/tally.ts'
import { seededRandom } from './seeded-random.ts'
import { causeOutages } from './world/outages.ts'
import { startRestartablePostgres } from './world/restartable-postgres.ts'
import { startWorld } from './world/world.ts'

// `pnpm property`: random transactions on random tables, and readers that must always have what SELECT has.

const TIMEOUT_MS = 60_000
const say = (text: string) => void stdout.write(`${text}\n`)

async function main(wanted: Arguments): Promise<number> {
  const { seed, runs, minutes, jobs, hasOutages, isVerbose } = wanted
  say(`Seed ${seed}\n`)
  const postgres = await startRestartablePostgres()
  const world = await startWorld({ postgresUrl: postgres.url, connections: jobs * 4 + 4, isStored: hasOutages })
  const startedAt = performance.now()
  let tally: Tally = {}
  const failed: RunResult[] = []
  const onResult = (result: RunResult) => {
    tally = addTallies(tally, { runs: 1, ...result.tally })
    if ((tally.runs ?? 0) % 100 === 0) say(`${tally.runs} runs, ${failed.length} failed, ${seconds(startedAt)} s`)
    if (result.findings.length === 0) return
    failed.push(result)
    say(describeFailure(result, wanted, world.server.log))
  }
  const calm = new AbortController()
  const outages = hasOutages
    ? causeOutages(world, postgres, seededRandom(seed), calm.signal, (outage) => {
        tally = addTallies(tally, { [outage]: 1 })
        if (isVerbose) say(`(${outage})`)
      })
    : undefined
  const ending = new AbortController()
  const end = () => ending.abort()
  process.once('SIGINT', end).once('SIGTERM', end)
  const timeout = Number.isFinite(minutes) ? AbortSignal.timeout(minutes * 60_000) : undefined
  const signal = timeout ? AbortSignal.any([ending.signal, timeout]) : ending.signal
  try {
    await runSeeds(
      { first: seed, runs, jobs, signal },
      world,
      { timeoutMs: TIMEOUT_MS, trail: isVerbose ? 400 : 20 },
      onResult,
    )
  } finally {
    calm.abort()
    await outages
    await world.stop()
    await postgres.stop()
  }
  say(
    `\n${Object.entries(tally)
      .map(([name, count]) => `${name.padEnd(16)} ${count.toLocaleString('en')}`)
      .join('\n')}`,
  )
  say(
    `\nSeeds ${seed} to ${seed + (tally.runs ?? 0) - 1}: ${failed.length} of ${tally.runs} runs failed, ${seconds(startedAt)} s`,
  )
  return failed.length === 0 ? 0 : 1
}

const seconds = (startedAt: number) => Math.round((performance.now() - startedAt) / 1_000)

function describeFailure({ seed, findings }: RunResult, wanted: Arguments, log: readonly string[]): string {
  const again = `pnpm property --seed ${seed} --runs 1${wanted.hasOutages ? ' --outages' : ''} --verbose`
  return [
    `\nRun ${seed} failed. Again: ${again}`,
    ...findings.map((finding) => `  ${finding}`),
    '  Steps:',
    describePlan(planRun(seed)),
    ...(wanted.isVerbose ? log.slice(-30) : []).map((line) => `  server: ${line}`),
  ].join('\n')
}

let wanted: Arguments | undefined
try {
  wanted = readArguments(argv.slice(2))
} catch (error) {
  say(`${(error as Error).message}\n\n${USAGE}`)
}
exit(wanted ? await main(wanted) : 2)
