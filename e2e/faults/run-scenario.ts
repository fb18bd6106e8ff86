import type { Failure, Row } from './report/row.ts'
import type { Scenario } from './scenario.ts'
import { addTallies, EMPTY_TALLY, type RunResult } from './tally.ts'

/** Runs a scenario with one seed after the other. A run that breaks off counts as failed, and the next one goes on. */
export async function runScenario<World>(
  scenario: Scenario<World>,
  world: World,
  firstSeed: number,
  runs: number,
): Promise<Row> {
  const startedAt = performance.now()
  let tally = EMPTY_TALLY
  const failures: Failure[] = []
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const result = await scenario.run(seed, world).catch(brokenOff)
    tally = addTallies(tally, result.tally)
    if (result.findings.length > 0) failures.push({ seed, findings: result.findings })
  }
  const seconds = (performance.now() - startedAt) / 1_000
  return { name: scenario.name, breaks: scenario.breaks, runs, tally, failures, seconds }
}

function brokenOff(error: unknown): RunResult {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { tally: EMPTY_TALLY, findings: [`the run broke off: ${text}`] }
}
