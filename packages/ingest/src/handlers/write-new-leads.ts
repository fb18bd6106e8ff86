import type { Attribution, LeadConsent, LeadStatus, LeadValues, SpamReason } from '@landfall/contract'
import type { TenantSession } from '@landfall/database'

/** A row as the statement reads it from JSON. */
export interface NewLeadRow {
  id: string
  form_id: string
  form_version: number
  form_title: string
  values: LeadValues
  attribution: Attribution
  status: LeadStatus
  spam_reasons: SpamReason[]
  consents: LeadConsent[]
  captured_at: string
  captured_offline: boolean
  op_id: string
}

export interface NewLeadSource {
  tenantId: string
  clientId: string
  receivedAt: Date
  clockSkewMs: number
}

// Of a new lead `new` and `spam` are told alike: received.
const STATEMENT = `
  WITH input AS (
    SELECT * FROM json_to_recordset($5::json) AS input(
      id uuid, form_id text, form_version int, form_title text, "values" jsonb, attribution jsonb, status lead_status,
      spam_reasons jsonb, consents jsonb, captured_at timestamptz, captured_offline boolean, op_id uuid)
  ), lead AS (
    INSERT INTO leads (tenant_id, id, form_id, form_version, client_id, "values", attribution, status, spam_reasons,
      consents, captured_at, received_at, captured_offline, clock_skew_ms, updated_at, write_id)
    SELECT $1::uuid, id, form_id, form_version, $2::uuid, "values", attribution, status, spam_reasons,
      consents, captured_at, $3::timestamptz, captured_offline, $4::int, $3::timestamptz, op_id
    FROM input
    ON CONFLICT DO NOTHING
    RETURNING write_id
  ), receipt AS (
    INSERT INTO lead_receipts (tenant_id, lead_id, client_id, status, form_title, captured_at, received_at,
      status_changed_at)
    SELECT $1::uuid, id, $2::uuid, 'received', form_title, captured_at, $3::timestamptz, $3::timestamptz
    FROM input JOIN lead ON write_id = op_id
  ), event AS (
    INSERT INTO lead_events (tenant_id, lead_id, kind, actor_kind, actor_id, op_id, data, captured_at)
    SELECT $1::uuid, id, 'created', 'visitor', $2::uuid::text, op_id,
      jsonb_build_object('status', status, 'spamReasons', spam_reasons), captured_at
    FROM input JOIN lead ON write_id = op_id
  )
  SELECT write_id AS op_id FROM lead`

/**
 * Stores leads with their receipts and the first line of their history, in one statement.
 *
 * @returns operations whose lead was stored; of the others the lead's id is taken
 */
export async function writeNewLeads(
  session: TenantSession,
  { tenantId, clientId, receivedAt, clockSkewMs }: NewLeadSource,
  rows: readonly NewLeadRow[],
): Promise<Set<string>> {
  const stored = await session.query<{ op_id: string }>({
    name: 'write-new-leads',
    text: STATEMENT,
    values: [tenantId, clientId, receivedAt, clockSkewMs, JSON.stringify(rows)],
  })
  return new Set(stored.map((row) => row.op_id))
}
