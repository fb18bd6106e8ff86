import type { TenantSession } from '@landfall/database'
import { SPAM_THRESHOLDS } from './spam-thresholds.ts'

/**
 * How many leads a device captured within the window before `now`, by its clock with the skew taken off. What it had
 * saved up for longer than that, and brings only now, does not count. It counts no further than the threshold.
 */
export async function countRecentLeads(
  session: TenantSession,
  { tenantId, clientId, now }: { tenantId: string; clientId: string; now: Date },
): Promise<number> {
  const since = new Date(now.getTime() - SPAM_THRESHOLDS.windowMs)
  const [row] = await session.query<{ count: number }>({
    name: 'count-recent-leads',
    text: `
      SELECT count(*)::int AS count FROM (
        SELECT FROM leads
        WHERE tenant_id = $1 AND client_id = $2 AND received_at > $3
          AND captured_at - clock_skew_ms * interval '1 millisecond' > $3
        LIMIT $4) AS recent`,
    values: [tenantId, clientId, since, SPAM_THRESHOLDS.maxLeadsPerWindow],
  })
  return row?.count ?? 0
}

export function isCapturedRecently(correctedCaptureMs: number, now: Date): boolean {
  return correctedCaptureMs > now.getTime() - SPAM_THRESHOLDS.windowMs
}
