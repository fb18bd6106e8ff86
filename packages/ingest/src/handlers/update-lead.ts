import { leadUpdate, type Operation, RECEIPT_STATUS_OF } from '@landfall/contract'
import { leadEvents, leadReceipts, leads } from '@landfall/database/schema'
import { and, eq, ne, sql } from 'drizzle-orm'
import { type Effect, type HandlerContext, rejected } from '../engine/handler.ts'
import { rejectPayload } from './insert-lead.ts'

/**
 * `lead.update` by a member. The last edit to arrive wins; what it replaced stays in the lead's history.
 *
 * The visitor's receipt changes only when what the visitor may know of it does.
 */
export async function updateLead(context: HandlerContext, operation: Operation): Promise<Effect> {
  const { tx, principal, receivedAt } = context
  if (principal.kind !== 'member')
    return rejected('not_allowed', { detail: 'Only a member of the tenant edits leads.' })
  const payload = leadUpdate.safeParse(operation.payload)
  if (!payload.success) return rejectPayload(payload.error.issues)
  if (operation.baseVersion === undefined) return rejected('malformed', { detail: 'baseVersion is missing.' })
  const { status } = payload.data
  if (status === undefined) return rejected('malformed', { detail: 'The payload changes nothing.' })

  const { tenantId } = principal
  const isThisLead = and(eq(leads.tenantId, tenantId), eq(leads.id, operation.entityId))
  const [before] = await tx
    .select({ status: leads.status, version: leads.version })
    .from(leads)
    .where(isThisLead)
    .for('update')
  if (!before) return rejected('not_found')

  const version = before.version + 1
  await tx.update(leads).set({ status, version, updatedAt: receivedAt, writeId: operation.opId }).where(isThisLead)
  await tx
    .update(leadReceipts)
    .set({
      status: RECEIPT_STATUS_OF[status],
      statusChangedAt: receivedAt,
      version: sql`${leadReceipts.version} + 1`,
    })
    .where(
      and(
        eq(leadReceipts.tenantId, tenantId),
        eq(leadReceipts.leadId, operation.entityId),
        ne(leadReceipts.status, RECEIPT_STATUS_OF[status]),
      ),
    )
  await tx.insert(leadEvents).values({
    tenantId,
    leadId: operation.entityId,
    kind: 'changed',
    actorKind: 'member',
    actorId: principal.userId,
    opId: operation.opId,
    data: { status: { from: before.status, to: status }, baseVersion: operation.baseVersion, version },
    capturedAt: new Date(operation.capturedAt),
  })
  return { outcome: 'applied', version }
}
