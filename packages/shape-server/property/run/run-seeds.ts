import { planRun } from '../plan/plan.ts'
import type { World } from '../world/world.ts'
import { type RunOptions, runPlan } from './run-plan.ts'
import type { RunResult } from './tally.ts'

export interface SeedRange {
  first: number
  runs: number
  /** No run begins after it is aborted. */
  signal?: AbortSignal
  /** Runs at once. */
  jobs: number
}

/** Runs one seed after the other, some at once; each result is handed over as it comes. */
export async function runSeeds(
  { first, runs, signal, jobs }: SeedRange,
  world: World,
  options: RunOptions,
  onResult: (result: RunResult) => void,
): Promise<void> {
  let next = first
  const work = async () => {
    while (next < first + runs && !signal?.aborted) {
      const seed = next
      next += 1
      onResult(await runPlan(planRun(seed), world, options).catch((error: unknown) => brokenOff(seed, error)))
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
}

function brokenOff(seed: number, error: unknown): RunResult {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { seed, tally: {}, findings: [`the run broke off: ${text}`] }
}
