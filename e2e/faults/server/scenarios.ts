import type { Scenario } from '../scenario.ts'
import { cutConnections, restartApp, restartPostgres } from './broken-database.ts'
import { concurrentReplay } from './concurrent-replay.ts'
import { crossTenant } from './cross-tenant.ts'
import { deploySkew } from './deploy-skew.ts'
import { outboxInFaults } from './outbox-in-faults.ts'
import { poisonedBatch } from './poisoned-batch.ts'
import type { ServerWorld } from './server-world.ts'

/** The scenarios of the real engine on a real Postgres, over HTTP. */
export const serverScenarios: Scenario<ServerWorld>[] = [
  {
    name: 'server-http-faults',
    breaks: 'the real outbox against the real engine: refused, cut, truncated, hijacked and lost answers, two tabs',
    runs: 100,
    shortRuns: 6,
    run: outboxInFaults,
  },
  {
    name: 'server-concurrent-replay',
    breaks: 'two to four drainers send overlapping batches at once',
    runs: 80,
    shortRuns: 6,
    run: concurrentReplay,
  },
  {
    name: 'server-poisoned',
    breaks: 'one to three bad operations of every kind among fifty, at any place',
    runs: 80,
    shortRuns: 8,
    run: poisonedBatch,
  },
  {
    name: 'server-cross-tenant',
    breaks: 'other tenants, devices and members reach for a lead with forged ids, headers, keys, fields and prototypes',
    runs: 60,
    shortRuns: 8,
    run: crossTenant,
  },
  {
    name: 'server-deploy-skew',
    breaks: 'recorded requests of old and newer clients, forms published anew or never',
    runs: 40,
    shortRuns: 8,
    run: deploySkew,
  },
  {
    name: 'server-cut-connections',
    breaks: 'the database connections of the app are cut in the middle of batches',
    runs: 60,
    shortRuns: 3,
    run: cutConnections,
  },
  {
    name: 'server-postgres-restart',
    breaks: 'Postgres is stopped or crashes in the middle of batches, and comes back',
    runs: 30,
    shortRuns: 2,
    run: restartPostgres,
  },
  {
    name: 'server-app-restart',
    breaks: 'the app is stopped in the middle of batches, and started anew',
    runs: 5,
    shortRuns: 0,
    run: restartApp,
  },
]
