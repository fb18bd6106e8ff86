import type { TenantSession } from '@landfall/database'
import { SPAM_THRESHOLDS } from './spam-thresholds.ts'

/**
 * How many leads a device captured within the window before `now`, by its clock with the skew taken off. What it had
 * saved up for longer than that, and brings only now, does not count.
 */
export async function countRecentLeads(
  session: TenantSession,
  { tenantId, clientId, now }: { tenantId: string; clientId: string; now: Date },
): Promise<number> {
  const [row] = await session.query<{ count: number }>({
    name: 'count-recent-leads',
    text: `
      SELECT count(*)::int AS count FROM leads
      WHERE tenant_id = $1 AND client_id = $2 AND received_at > $3
        AND captured_at - clock_skew_ms * interval '1 millisecond' > $3`,
    values: [tenantId, clientId, new Date(now.getTime() - SPAM_THRESHOLDS.windowMs)],
  })
  return row?.count ?? 0
}

export function isCapturedRecently(correctedCaptureMs: number, now: Date): boolean {
  return correctedCaptureMs > now.getTime() - SPAM_THRESHOLDS.windowMs
}
