import { createHash } from 'node:crypto'
import type { Operation, OperationResult } from '@landfall/contract'
import type { TenantTransaction } from '@landfall/database'
import { syncOperations } from '@landfall/database/schema'
import { inArray, sql } from 'drizzle-orm'
import { actorId, type Principal } from '../principal.ts'
import { requestHash } from './request-hash.ts'

/** What the ledger says of an operation that arrives: ours to apply, or answered before. */
export type Claim = { kind: 'new' } | { kind: 'answered'; result: OperationResult }

/**
 * Writes each operation's row before its effect. Whoever delivers the same operation at the same time waits here for
 * this transaction to end, and then finds the first outcome.
 *
 * Rows are claimed in the order of their ids, so that two overlapping batches cannot wait for each other.
 */
export async function claimOperations(
  tx: TenantTransaction,
  principal: Principal,
  operations: readonly Operation[],
  requestId: string,
): Promise<Map<string, Claim>> {
  const claims = new Map<string, Claim>()
  if (operations.length === 0) return claims
  const rows = operations
    .map((operation) => ({
      tenantId: principal.tenantId,
      opId: operation.opId,
      actorKind: principal.kind,
      actorId: actorId(principal),
      entity: operation.entity,
      action: operation.action,
      entityId: operation.entityId,
      requestHash: requestHash(operation),
      requestId,
    }))
    .sort((a, b) => (a.opId < b.opId ? -1 : 1))
  const claimed = await tx
    .insert(syncOperations)
    .values(rows)
    .onConflictDoNothing()
    .returning({ opId: syncOperations.opId })
  for (const { opId } of claimed) claims.set(opId, { kind: 'new' })

  const others = rows.filter((row) => !claims.has(row.opId))
  if (others.length === 0) return claims
  const known = await tx
    .select()
    .from(syncOperations)
    .where(
      inArray(
        syncOperations.opId,
        others.map((row) => row.opId),
      ),
    )
  const knownById = new Map(known.map((row) => [row.opId, row]))
  for (const row of others) {
    const first = knownById.get(row.opId)
    const isSame =
      first?.result && first.actorId === row.actorId && first.requestHash.equals(row.requestHash)
        ? first.result
        : undefined
    claims.set(row.opId, { kind: 'answered', result: isSame ? asReplay(isSame) : idAlreadyUsed(row.opId) })
  }
  return claims
}

/** Writes the outcomes; an operation to be retried is forgotten, so that its next delivery is its first. */
export async function settleOperations(
  tx: TenantTransaction,
  tenantId: string,
  results: readonly OperationResult[],
): Promise<void> {
  const settled = results.filter((result) => result.outcome !== 'retry')
  const forgotten = results.filter((result) => result.outcome === 'retry').map((result) => result.opId)
  if (settled.length > 0) {
    await tx.execute(sql`
      UPDATE ${syncOperations} AS ledger SET result = settled.result
      FROM json_to_recordset(${JSON.stringify(settled.map((result) => ({ op_id: result.opId, result })))}::json)
        AS settled(op_id uuid, result jsonb)
      WHERE ledger.tenant_id = ${tenantId} AND ledger.op_id = settled.op_id`)
  }
  if (forgotten.length > 0) await tx.delete(syncOperations).where(inArray(syncOperations.opId, forgotten))
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
