import { syncProbe } from '@landfall/database/schema'
import { measureSyncLag } from '@landfall/shapes/server'
import { sql } from 'drizzle-orm'
import { env } from '../../env.ts'
import { databases } from '../databases.ts'
import { metrics } from './metrics.ts'

/** However often and by however many the metrics are read, one measurement serves them for so long. */
const FRESH_FOR_MS = 10_000
/** Three times this stays below the ten seconds after which Prometheus gives a scrape up. */
const CAP_MS = 3_000
/** The one row. Processes write there in turns, and each waits for a token of its own. */
const ROW_ID = 1

const holder = globalThis as { landfallSyncLag?: { measuring: Promise<void>; startedAtMs: number } }

/** Brings `electric_connected` and `electric_sync_lag_seconds` up to date. It never throws. */
export function refreshSyncLag(): Promise<void> {
  const last = holder.landfallSyncLag
  if (last && performance.now() - last.startedAtMs < FRESH_FOR_MS) return last.measuring
  const measuring = measure()
  holder.landfallSyncLag = { measuring, startedAtMs: performance.now() }
  return measuring
}

async function measure(): Promise<void> {
  const { ELECTRIC_URL: electricUrl, ELECTRIC_SECRET: electricSecret } = env()
  const { isConnected, lagMs } = await measureSyncLag({ electricUrl, electricSecret, writeToken, capMs: CAP_MS })
  const { electricConnected, electricSyncLagSeconds } = metrics()
  electricConnected.set(isConnected ? 1 : 0)
  if (lagMs === undefined) electricSyncLagSeconds.remove()
  else electricSyncLagSeconds.set(lagMs / 1_000)
}

async function writeToken(token: string): Promise<void> {
  await databases()
    .app.insert(syncProbe)
    .values({ id: ROW_ID, token })
    .onConflictDoUpdate({ target: syncProbe.id, set: { token, writtenAt: sql`now()` } })
}
