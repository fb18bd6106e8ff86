import { checkLeadValues, type LeadInsert, leadInsert, type Operation, RECEIPT_STATUS_OF } from '@landfall/contract'
import { findFormVersion } from '@landfall/database'
import { leadEvents, leadReceipts, leads } from '@landfall/database/schema'
import { type Effect, type HandlerContext, rejected } from '../engine/handler.ts'

/** Before this a device clock is plainly unset; the receipt time stands beside it. */
const EARLIEST_CAPTURE_MS = Date.UTC(2000, 0, 1)

/** `lead.insert` by a visitor: the lead, its receipt and the first line of its history. */
export async function insertLead(context: HandlerContext, operation: Operation): Promise<Effect> {
  const { tx, principal, receivedAt } = context
  if (principal.kind !== 'visitor') return rejected('not_allowed', { detail: 'Only a visitor sends a lead.' })
  const payload = leadInsert.safeParse(operation.payload)
  if (!payload.success) return rejectPayload(payload.error.issues)
  if (operation.formVersion === undefined) return rejected('malformed', { detail: 'formVersion is missing.' })

  const form = await findFormVersion(tx, payload.data.formId, operation.formVersion)
  if (form.kind !== 'found') return rejected(form.kind)
  const checked = checkLeadValues(form.definition, payload.data.values)
  if (!checked.success) return rejected('invalid_values', { fields: checked.problems })

  const { tenantId, clientId } = principal
  const capturedAt = new Date(Math.max(EARLIEST_CAPTURE_MS, Date.parse(operation.capturedAt)))
  const status = initialStatus(payload.data)
  const inserted = await tx
    .insert(leads)
    .values({
      tenantId,
      id: operation.entityId,
      formId: form.definition.formId,
      formVersion: form.definition.version,
      clientId,
      values: checked.values,
      attribution: payload.data.attribution,
      status,
      capturedAt,
      receivedAt,
      updatedAt: receivedAt,
      capturedOffline: payload.data.capturedOffline,
      clockSkewMs: context.clockSkewMs,
      writeId: operation.opId,
    })
    .onConflictDoNothing()
    .returning({ version: leads.version })
  const [lead] = inserted
  if (!lead) return rejected('id_already_used', { detail: 'There is a lead with this id.' })

  await tx.insert(leadReceipts).values({
    tenantId,
    leadId: operation.entityId,
    clientId,
    status: RECEIPT_STATUS_OF[status],
    formTitle: form.definition.title,
    capturedAt,
    receivedAt,
    statusChangedAt: receivedAt,
  })
  await tx.insert(leadEvents).values({
    tenantId,
    leadId: operation.entityId,
    kind: 'created',
    actorKind: 'visitor',
    actorId: clientId,
    opId: operation.opId,
    data: { status },
    capturedAt,
  })
  return { outcome: 'applied', version: lead.version }
}

/** Nobody fills in the decoy but a robot. Such a lead is kept apart for the tenant to judge, never dropped. */
function initialStatus(payload: LeadInsert): 'new' | 'spam' {
  return payload.decoy ? 'spam' : 'new'
}

export function rejectPayload(
  issues: readonly { code?: string; keys?: unknown; message: string; path: PropertyKey[] }[],
) {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys')
  if (unknown) return rejected('field_not_allowed', { detail: `Not for a client to set: ${String(unknown.keys)}` })
  const [issue] = issues
  return rejected('malformed', { detail: `payload.${issue?.path.join('.')}: ${issue?.message}` })
}
