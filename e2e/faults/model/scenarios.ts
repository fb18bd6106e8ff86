import * as fc from 'fast-check'
import type { Scenario } from '../scenario.ts'
import type { RunResult } from '../tally.ts'
import { PLANS } from './plan.ts'
import { runPlan } from './run-plan.ts'

const BREAKS: Record<keyof typeof PLANS, string> = {
  weather: 'every fault of the network, in any order, over several tabs and a service worker',
  kills: 'tabs, workers and the whole browser killed between any two steps',
  'kills-in-weather': 'kills while the network misbehaves',
  clock: 'the clock of the device set forward and back, up to a year',
  storage: 'full disk, failed transactions, connections that end, databases that do not open',
  'cleared-data': 'the person clears the data of the site, and goes on',
  garbled: 'records of the store damaged, their contents or their key taken away',
  everything: 'all of it together',
}

/** The scenarios of the model: the real outbox on a device that a seed decides. */
export const modelScenarios: Scenario[] = Object.entries(PLANS).map(([name, plan]) => ({
  name: `model-${name}`,
  breaks: BREAKS[name as keyof typeof PLANS],
  runs: 200,
  shortRuns: 40,
  async run(seed) {
    const [sampled] = fc.sample(plan, { seed, numRuns: 1 })
    if (!sampled) throw new Error('no plan came of the seed')
    return runPlan(seed, sampled)
  },
}))

/** The smallest plan that still fails, for whoever mends it. */
export async function shrinkModel(name: string, seed: number): Promise<string> {
  const plan = PLANS[name.replace(/^model-/, '') as keyof typeof PLANS]
  let last: RunResult | undefined
  const property = fc.asyncProperty(plan, async (candidate) => {
    const result = await runPlan(seed, candidate)
    if (result.findings.length > 0) last = result
    return result.findings.length === 0
  })
  const details = await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: 60_000 })
  return JSON.stringify({ plan: details.counterexample?.[0], findings: last?.findings }, null, 2)
}
