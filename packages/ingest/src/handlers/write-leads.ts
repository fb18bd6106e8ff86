import { type LeadConsent, RECEIPT_STATUS_OF, type SpamReason } from '@landfall/contract'
import type { TenantSession } from '@landfall/database'
import type { LEAD_EVENT_KINDS } from '@landfall/database/schema'
import type { LeadState } from '../conflicts/resolve-lead-edit.ts'
import { actorId, type Principal } from '../principal.ts'

/** A line of the history. */
export interface LeadEvent {
  kind: (typeof LEAD_EVENT_KINDS)[number]
  data: Record<string, unknown>
}

/** What a lead is after an operation, and what its history says of it. */
export interface LeadWrite {
  leadId: string
  opId: string
  /** Clamped time of the operation. */
  madeAt: Date
  next: LeadState
  spamReasons: SpamReason[]
  consents: LeadConsent[]
  /** Where the visitor came from goes too. */
  isWithdrawn: boolean
  events: LeadEvent[]
}

export interface LeadWriter {
  principal: Principal
  receivedAt: Date
}

// A visitor's device knows its own write by the version of the receipt; of a member's it is told only what it may know.
const STATEMENT = `
  WITH input AS (
    SELECT * FROM json_to_recordset($5::json) AS input(
      id uuid, op_id uuid, made_at timestamptz, "values" jsonb, status lead_status, receipt_status receipt_status,
      spam_reasons jsonb, consents jsonb, field_edits jsonb, version int, is_withdrawn boolean, events jsonb)
  ), lead AS (
    UPDATE leads SET "values" = input."values", status = input.status, spam_reasons = input.spam_reasons,
      consents = input.consents, field_edits = input.field_edits, version = input.version, write_id = input.op_id,
      attribution = CASE WHEN input.is_withdrawn THEN '{}' ELSE leads.attribution END, updated_at = $4::timestamptz
    FROM input WHERE leads.tenant_id = $1::uuid AND leads.id = input.id
  ), receipt AS (
    UPDATE lead_receipts AS receipt SET status = input.receipt_status, version = input.version,
      status_changed_at = CASE WHEN receipt.status = input.receipt_status THEN receipt.status_changed_at
        ELSE $4::timestamptz END
    FROM input
    WHERE receipt.tenant_id = $1::uuid AND receipt.lead_id = input.id
      AND ($2::text = 'visitor' OR receipt.status <> input.receipt_status)
  )
  INSERT INTO lead_events (tenant_id, lead_id, kind, actor_kind, actor_id, op_id, data, captured_at)
  SELECT $1::uuid, id, event->>'kind', $2::text, $3::text, op_id, event->'data', made_at
  FROM input, jsonb_array_elements(events) WITH ORDINALITY AS listed(event, place)
  ORDER BY place`

/** Writes changed leads with their receipts and their history, in one statement. The leads are locked already. */
export async function writeLeads(
  session: TenantSession,
  { principal, receivedAt }: LeadWriter,
  writes: readonly LeadWrite[],
): Promise<void> {
  const rows = writes.map(({ leadId, opId, madeAt, next, spamReasons, consents, isWithdrawn, events }) => ({
    id: leadId,
    op_id: opId,
    made_at: madeAt.toISOString(),
    values: next.values,
    status: next.status,
    receipt_status: RECEIPT_STATUS_OF[next.status],
    spam_reasons: spamReasons,
    consents,
    field_edits: next.fieldEdits,
    version: next.version,
    is_withdrawn: isWithdrawn,
    events,
  }))
  await session.query({
    text: STATEMENT,
    values: [principal.tenantId, principal.kind, actorId(principal), receivedAt, JSON.stringify(rows)],
  })
}

/** Takes everything that was typed out of the history of leads; that there was a line stays. */
export async function emptyHistory(
  session: TenantSession,
  tenantId: string,
  leadIds: readonly string[],
): Promise<void> {
  await session.query({
    text: `UPDATE lead_events SET data = '{}' WHERE tenant_id = $1 AND lead_id = ANY($2::uuid[])`,
    values: [tenantId, leadIds],
  })
}
