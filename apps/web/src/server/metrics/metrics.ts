import { PROBLEMS, SPAM_REASONS } from '@landfall/contract'
import { LIMIT_SCOPES } from '@landfall/ingest'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S

/** Every metric of the process. Labels hold words of ours only: what a caller makes up would grow without end. */
export type Metrics = ReturnType<typeof create>

// Next evaluates a module once a bundle; the counts are the process's.
const holder = globalThis as { landfallMetrics?: Metrics }

export function metrics(): Metrics {
  holder.landfallMetrics ??= create()
  return holder.landfallMetrics
}

function create() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const created = {
    registry,
    operations: new Counter({
      name: 'landfall_operations_total',
      help: 'Operations answered, by what became of them; reason is empty unless rejected.',
      labelNames: ['entity', 'action', 'outcome', 'reason'],
      registers,
    }),
    quarantined: new Counter({
      name: 'landfall_operations_quarantined_total',
      help: 'Leads set apart as spam, by reason; one with two reasons counts under both.',
      labelNames: ['reason'],
      registers,
    }),
    operationSeconds: new Histogram({
      name: 'landfall_operation_duration_seconds',
      help: "An operation's share of the time that its statements took, by the way it went: shared, alone, none.",
      labelNames: ['path'],
      buckets: [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    queueAgeSeconds: new Histogram({
      name: 'landfall_queue_age_seconds',
      help: 'From the capture on the device, by its corrected clock, to the first receipt.',
      buckets: [1, 5, 30, 60, 300, 900, HOUR_S, 4 * HOUR_S, 12 * HOUR_S, DAY_S, 3 * DAY_S, 7 * DAY_S],
      registers,
    }),
    batchOperations: new Histogram({
      name: 'landfall_batch_operations',
      help: 'Operations in a batch.',
      buckets: [1, 2, 5, 10, 25, 50, 75, 100],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'landfall_batch_duration_seconds',
      help: 'Time the engine took for a batch, by who sent it and whether it was answered or failed as a whole.',
      labelNames: ['principal', 'result'],
      buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25],
      registers,
    }),
    batchRetries: new Counter({
      name: 'landfall_batch_retries_total',
      help: 'Transactions of batches that were begun again.',
      registers,
    }),
    attemptFailures: new Counter({
      name: 'landfall_batch_attempt_failures_total',
      help: 'Transactions of batches that died, by SQLSTATE, or connection.',
      labelNames: ['error'],
      registers,
    }),
    rateLimited: new Counter({
      name: 'landfall_rate_limited_total',
      help: 'Requests told to come again later, by whose limit it was. Nothing is lost to a limit.',
      labelNames: ['scope'],
      registers,
    }),
    refusedRequests: new Counter({
      name: 'landfall_refused_requests_total',
      help: 'Requests answered with a problem, by its code.',
      labelNames: ['code'],
      registers,
    }),
    databaseConnections: new Gauge({
      name: 'landfall_database_connections',
      help: "The app's pool: connections in use and idle, and requests that wait for one.",
      labelNames: ['state'],
      registers,
    }),
    electricConnected: new Gauge({
      name: 'electric_connected',
      help: 'Whether Electric answered for a shape at the last measurement: 1 or 0.',
      registers,
    }),
    electricSyncLagSeconds: new Gauge({
      name: 'electric_sync_lag_seconds',
      help: 'From the commit of a row to its arrival through Electric, measured; not there when it could not be.',
      registers,
    }),
  }
  // A series that begins with its first event hides that event from rate().
  for (const code of Object.keys(PROBLEMS)) created.refusedRequests.inc({ code }, 0)
  for (const scope of LIMIT_SCOPES) created.rateLimited.inc({ scope }, 0)
  for (const reason of SPAM_REASONS) created.quarantined.inc({ reason }, 0)
  return created
}
