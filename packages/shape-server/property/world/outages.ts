import { setTimeout as delay } from 'node:timers/promises'
import type { SeededRandom } from '../seeded-random.ts'
import type { RestartablePostgres } from './restartable-postgres.ts'
import type { World } from './world.ts'

/** How often each happens. */
const OUTAGES = {
  'server stopped': 2,
  'server killed': 3,
  'walsender ended': 3,
  'Postgres restarted': 1,
  'Postgres killed': 1,
}
export type Outage = keyof typeof OUTAGES

/** Ends server and Postgres again and again, one at a time, until it is aborted; then both run. */
export async function causeOutages(
  world: World,
  postgres: RestartablePostgres,
  random: SeededRandom,
  signal: AbortSignal,
  onOutage: (outage: Outage) => void,
): Promise<void> {
  while (!signal.aborted) {
    await delay(random.between(500, 4_000), undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const outage = random.weighted(OUTAGES)
    onOutage(outage)
    await cause(outage, world, postgres, random)
  }
}

async function cause(outage: Outage, world: World, postgres: RestartablePostgres, random: SeededRandom): Promise<void> {
  const awayMs = random.pick([0, 0, 100, 800])
  switch (outage) {
    case 'server stopped':
    case 'server killed':
      await world.server.stop(outage === 'server killed' ? 'SIGKILL' : 'SIGTERM')
      await delay(awayMs)
      return world.server.start()
    case 'walsender ended':
      await world.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_replication')
      return
    case 'Postgres restarted':
    case 'Postgres killed':
      return postgres.restart(outage === 'Postgres killed' ? 'immediate' : 'fast')
  }
}
