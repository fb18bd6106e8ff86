import { ProblemError } from '@landfall/contract'
import { LIMIT_SCOPES, metrics } from './metrics.ts'

/** Counts a request that a limit refused, under whose limit it was. Other errors are not its affair. */
export function recordRefusalByLimit(error: unknown): void {
  if (!(error instanceof ProblemError) || error.code !== 'too_many_requests') return
  const { scope } = error as { scope?: unknown }
  metrics().rateLimited.inc({ scope: LIMIT_SCOPES.find((known) => known === scope) ?? 'other' })
}
