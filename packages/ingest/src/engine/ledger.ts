import { createHash } from 'node:crypto'
import type { Operation, OperationResult } from '@landfall/contract'
import type { TenantSession } from '@landfall/database'
import { actorId, type Principal } from '../principal.ts'
import type { Effect } from './handler.ts'
import { requestHash } from './request-hash.ts'

/** What the ledger says of an operation that arrives: ours to apply, or answered before. */
export type Claim =
  /** `txid`: number of this transaction, as replication and the shapes' `txids` name it. */
  { kind: 'new'; txid: number } | { kind: 'answered'; result: OperationResult }

export interface Claiming {
  operation: Operation
  /** What it will most probably end with; undefined when there is no telling. */
  foregone: Effect | undefined
}

export interface Delivery {
  principal: Principal
  /** Correlation id. */
  requestId: string
  receivedAt: Date
}

/**
 * Writes each operation's row before its effect. Whoever delivers the same operation at the same time waits here for
 * this transaction to end, and then finds the first outcome.
 *
 * Rows are claimed in the order of their ids, so that two overlapping batches cannot wait for each other. The outcome
 * that nearly every operation has is written along with them, and `settleOperations` corrects the others.
 */
export async function claimOperations(
  session: TenantSession,
  { principal, requestId, receivedAt }: Delivery,
  claiming: readonly Claiming[],
): Promise<Map<string, Claim>> {
  const claims = new Map<string, Claim>()
  if (claiming.length === 0) return claims
  const rows = claiming.map(({ operation, foregone }) => ({
    op_id: operation.opId,
    entity: operation.entity,
    action: operation.action,
    entity_id: operation.entityId,
    hash: requestHash(operation),
    result: foregone && { opId: operation.opId, ...foregone },
  }))
  const actor = actorId(principal)
  const claimed = await session.query<{ op_id: string; txid: string }>({
    name: 'claim-operations',
    text: `
      INSERT INTO sync_operations
        (tenant_id, op_id, actor_kind, actor_id, entity, action, entity_id, request_hash, result, request_id, created_at)
      SELECT $1::uuid, op_id, $2::text, $3::text, entity, action, entity_id, decode(hash, 'hex'),
        CASE WHEN result->>'outcome' = 'rejected' THEN result
          ELSE result || jsonb_build_object('txid', pg_current_xact_id()::xid::text::bigint) END,
        $4::text, $5::timestamptz
      FROM json_to_recordset($6::json)
        AS claimed(op_id uuid, entity text, action text, entity_id uuid, hash text, result jsonb)
      ORDER BY op_id
      ON CONFLICT DO NOTHING
      RETURNING op_id, pg_current_xact_id()::xid::text AS txid`,
    values: [principal.tenantId, principal.kind, actor, requestId, receivedAt, JSON.stringify(rows)],
  })
  for (const { op_id, txid } of claimed) claims.set(op_id, { kind: 'new', txid: Number(txid) })

  const others = rows.filter((row) => !claims.has(row.op_id))
  if (others.length === 0) return claims
  const known = await session.query<{ op_id: string; actor_id: string; hash: string; result: OperationResult | null }>({
    text: `
      SELECT op_id, actor_id, encode(request_hash, 'hex') AS hash, result
      FROM sync_operations WHERE tenant_id = $1 AND op_id = ANY($2::uuid[])`,
    values: [principal.tenantId, others.map((row) => row.op_id)],
  })
  const knownById = new Map(known.map((row) => [row.op_id, row]))
  for (const { op_id, hash } of others) {
    const first = knownById.get(op_id)
    const isSame = first?.actor_id === actor && first.hash === hash
    const result = isSame && first.result ? asReplay(first.result) : idAlreadyUsed(op_id)
    claims.set(op_id, { kind: 'answered', result })
  }
  return claims
}

/** Corrects the outcomes that were foregone wrongly; an operation to be retried is forgotten: its next delivery is its first. */
export async function settleOperations(
  session: TenantSession,
  tenantId: string,
  results: readonly OperationResult[],
): Promise<void> {
  const settled = results.filter((result) => result.outcome !== 'retry')
  const forgotten = results.filter((result) => result.outcome === 'retry').map((result) => result.opId)
  await Promise.all([
    settled.length > 0 &&
      session.query({
        text: `
          UPDATE sync_operations AS ledger SET result = settled.result
          FROM json_to_recordset($2::json) AS settled(op_id uuid, result jsonb)
          WHERE ledger.tenant_id = $1 AND ledger.op_id = settled.op_id`,
        values: [tenantId, JSON.stringify(settled.map((result) => ({ op_id: result.opId, result })))],
      }),
    forgotten.length > 0 &&
      session.query({
        text: 'DELETE FROM sync_operations WHERE tenant_id = $1 AND op_id = ANY($2::uuid[])',
        values: [tenantId, forgotten],
      }),
  ])
}

function asReplay(first: OperationResult): OperationResult {
  return first.outcome === 'applied' ? { ...first, outcome: 'duplicate' } : first
}

export function idAlreadyUsed(opId: string): OperationResult {
  return {
    opId,
    outcome: 'rejected',
    reason: 'id_already_used',
    detail: 'An operation with this id and another content was received before.',
  }
}

/** Short name of a principal for logs: tells two apart without naming a person. */
export function principalFingerprint(principal: Principal): string {
  return `${principal.kind}:${createHash('sha256').update(actorId(principal)).digest('hex').slice(0, 8)}`
}
