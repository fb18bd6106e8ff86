import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { describePlan, planRun } from './plan/plan.ts'
import { runPlan } from './run/run-plan.ts'
import { runSeeds } from './run/run-seeds.ts'
import { addTallies, type RunResult, type Tally } from './run/tally.ts'
import { TAMPERINGS } from './run/tampering.ts'
import { startWorld, type World } from './world/world.ts'

// The short part of `pnpm property`, and the proof that its judge sees what it is there for.

const RUNS = 60
const JOBS = 4
const OPTIONS = { timeoutMs: 30_000, trail: 20 }

let world: World

beforeAll(async () => {
  world = await startWorld({ postgresUrl: inject('postgresUrl'), connections: JOBS * 4 + 4, isStored: false })
}, 60_000)
afterAll(() => world.stop(), 60_000)

test('every reader has what SELECT has, whatever was written and whatever happened to it', {
  timeout: 300_000,
}, async () => {
  const first = randomInt(1_000_000_000)
  const failed: RunResult[] = []
  let tally: Tally = {}
  await runSeeds({ first, runs: RUNS, jobs: JOBS }, world, OPTIONS, (result) => {
    tally = addTallies(tally, result.tally)
    if (result.findings.length > 0) failed.push(result)
  })
  expect(failed.map(describe), `seeds ${first} to ${first + RUNS - 1}`).toEqual([])
  // A run that does nothing proves nothing.
  for (const name of [
    'committed',
    'changes',
    'snapshotRows',
    'compared',
    'upToDates',
    'resumed',
    'sums',
    'oldValues',
  ]) {
    expect(tally[name], name).toBeGreaterThan(RUNS / 2)
  }
})

test.each(TAMPERINGS)('a log with a flaw is found out: %s', { timeout: 120_000 }, async (kind) => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const { findings } = await runPlan(planRun(seed), world, { ...OPTIONS, tampering: { kind, every: 12 } })
    if (findings.length > 0) return
  }
  expect.unreachable(`nobody noticed: ${kind}`)
})

test('the same seed makes the same plan', () => {
  expect(planRun(7)).toEqual(planRun(7))
  expect(planRun(7)).not.toEqual(planRun(8))
})

const describe = ({ seed, findings }: RunResult) =>
  [`Again: pnpm property --seed ${seed} --runs 1 --verbose`, ...findings, describePlan(planRun(seed))].join('\n')
