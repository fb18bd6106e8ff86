import { createHash, timingSafeEqual } from 'node:crypto'
import { ProblemError } from '@landfall/contract'
import { env } from '../../env.ts'
import { databases } from '../databases.ts'
import { metrics } from './metrics.ts'
import { refreshSyncLag } from './sync-lag-probe.ts'

/**
 * The metrics in Prometheus' text format, for who brings `Authorization: Bearer <METRICS_TOKEN>`. Without the variable
 * there is nothing here. Scrapers call processes by inner addresses, so every Host will do.
 */
export async function answerMetrics(request: Request): Promise<Response> {
  const token = env().METRICS_TOKEN
  if (token === undefined) throw new ProblemError('not_found')
  if (!isBearer(request, token)) throw new ProblemError('not_signed_in', 'Send Authorization: Bearer <METRICS_TOKEN>.')
  await refreshSyncLag()
  countConnections()
  const { registry } = metrics()
  return new Response(await registry.metrics(), {
    headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' },
  })
}

/** Digests are of one length, and say nothing by the time their comparison takes. */
function isBearer(request: Request, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

function countConnections(): void {
  const { totalCount, idleCount, waitingCount } = databases().app.$client
  const { databaseConnections } = metrics()
  databaseConnections.set({ state: 'in_use' }, totalCount - idleCount)
  databaseConnections.set({ state: 'idle' }, idleCount)
  databaseConnections.set({ state: 'waiting' }, waitingCount)
}
