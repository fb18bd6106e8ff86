import type { PGlite } from '@electric-sql/pglite'
import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { comeToRest } from '../testing/reconcile-model/come-to-rest.ts'
import { commands } from '../testing/reconcile-model/commands.ts'
import { expectEachOnce } from '../testing/reconcile-model/expect-each-once.ts'
import { ModelDevice } from '../testing/reconcile-model/model-device.ts'
import { runCommands } from '../testing/reconcile-model/run-commands.ts'

/** `RECONCILE_RUNS=2000 RECONCILE_SEED=…` for a longer look, or for the same one again. */
const RUNS = Number(process.env.RECONCILE_RUNS ?? 30)
const SEED = process.env.RECONCILE_SEED === undefined ? undefined : Number(process.env.RECONCILE_SEED)

let pg: PGlite
beforeAll(async () => {
  pg = await createMemoryDatabase()
})
afterAll(() => pg.close())

test(
  'no write is lost, sent under two ids or out of its order, whoever is closed, falls back, answers or not',
  async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (plan) => {
        const device = new ModelDevice(pg)
        try {
          await runCommands(device, plan)
          await comeToRest(device)
          await expectEachOnce(device)
        } finally {
          await device.close()
        }
      }),
      { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: SEED }), endOnFailure: process.env.CI !== undefined },
    )
  },
  Math.max(60_000, RUNS * 3_000),
)
