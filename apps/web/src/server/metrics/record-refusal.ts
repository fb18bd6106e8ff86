import { LimitRefusal } from '@landfall/ingest'
import { metrics } from './metrics.ts'

/** Counts a request that a limit refused, under whose limit it was. Other errors are not its affair. */
export function recordRefusalByLimit(error: unknown): void {
  if (error instanceof LimitRefusal) metrics().rateLimited.inc({ scope: error.scope })
}
