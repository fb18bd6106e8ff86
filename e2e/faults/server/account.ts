import type pg from 'pg'
import { EMPTY_TALLY, findingsOf, type RunResult } from '../tally.ts'

/** One write, and what was told of it. */
export interface Claim {
  /** Stands as the name in its values, and nowhere else. */
  mark: string
  /** Somebody was told that it is saved, or that it has been received. */
  isAcknowledged: boolean
  /** It stands visibly on the device, undelivered. */
  stands?: 'dead' | 'waiting' | undefined
  isErased?: boolean
}

/** Looks up in the database what became of every claim, whatever anybody was told. */
export async function account(pool: pg.Pool, tenantId: string, claims: readonly Claim[]): Promise<RunResult> {
  const { rows } = await pool.query<{ mark: string; tenant_id: string; count: string }>(
    `SELECT "values"->>'name' AS mark, tenant_id, count(*) FROM leads WHERE "values"->>'name' = ANY($1) GROUP BY 1, 2`,
    [claims.map((claim) => claim.mark)],
  )
  const tally = { ...EMPTY_TALLY }
  const findings: string[] = []
  for (const { mark, tenant_id } of rows) {
    if (tenant_id === tenantId) continue
    tally.leaked += 1
    findings.push(`${mark} is stored at another tenant, ${tenant_id}`)
  }
  const counts = new Map(rows.filter((row) => row.tenant_id === tenantId).map((row) => [row.mark, Number(row.count)]))
  for (const claim of claims) {
    const count = counts.get(claim.mark) ?? 0
    if (count > 1) {
      tally.duplicated += count - 1
      findings.push(`${claim.mark} is stored ${count} times`)
    }
    if (!claim.isAcknowledged) continue
    tally.acknowledged += 1
    if (count > 0) tally.delivered += 1
    else if (claim.isErased) tally.erased += 1
    else if (claim.stands) tally[claim.stands] += 1
    else {
      tally.lost += 1
      findings.push(`${claim.mark} was acknowledged, and is neither stored nor standing`)
    }
  }
  return { tally, findings: [...findingsOf(tally), ...findings] }
}

export const withFindings = (result: RunResult, more: readonly string[]): RunResult => ({
  ...result,
  findings: [...result.findings, ...more],
})
