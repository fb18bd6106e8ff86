import type { LeadConsent, LeadStatus, LeadValues, SpamReason } from '@landfall/contract'
import type { TenantSession } from '@landfall/database'
import type { FieldEdits } from '@landfall/database/schema'
import type { LeadState } from '../conflicts/resolve-lead-edit.ts'

/** A lead as it stands, locked until the transaction ends. */
export interface StoredLead extends LeadState {
  id: string
  clientId: string
  formId: string
  formVersion: number
  values: LeadValues
  status: LeadStatus
  spamReasons: SpamReason[]
  consents: LeadConsent[]
  fieldEdits: FieldEdits
  receivedAt: Date
}

/**
 * Leads of the tenant by id; ids that name none are absent.
 *
 * Locked in the order of their ids, so that two runs over the same leads cannot wait for each other.
 */
export async function lockLeads(
  session: TenantSession,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, StoredLead>> {
  const rows = await session.query<StoredLead>({
    text: `
      SELECT id, client_id AS "clientId", form_id AS "formId", form_version AS "formVersion", "values", status,
        spam_reasons AS "spamReasons", consents, field_edits AS "fieldEdits", version, received_at AS "receivedAt"
      FROM leads WHERE tenant_id = $1 AND id = ANY($2::uuid[])
      ORDER BY id FOR UPDATE`,
    values: [tenantId, ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}

export interface VisitorLead extends StoredLead {
  /** Also by an edit that gave way to the visitor's own: it stands in the history, and in the answer to the member. */
  isEditedByMember: boolean
}

/** The same for its visitor, who may change it while nobody of the tenant has. One round trip for both questions. */
export async function lockVisitorLeads(
  session: TenantSession,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, VisitorLead>> {
  // The second sees whatever was committed while the first waited for its locks.
  const [leads, edited] = await Promise.all([
    lockLeads(session, tenantId, ids),
    session.query<{ leadId: string }>({
      text: `
        SELECT DISTINCT lead_id AS "leadId" FROM lead_events
        WHERE tenant_id = $1 AND lead_id = ANY($2::uuid[]) AND actor_kind = 'member'`,
      values: [tenantId, ids],
    }),
  ])
  const editedIds = new Set(edited.map(({ leadId }) => leadId))
  return new Map([...leads].map(([id, lead]) => [id, { ...lead, isEditedByMember: editedIds.has(id) }]))
}

/** Nobody of the tenant has begun to work on it: it is still its visitor's to change. */
export function isUnread(lead: VisitorLead): boolean {
  const isUntouched = !lead.isEditedByMember && !Object.values(lead.fieldEdits).some((edit) => edit.by === 'member')
  return isUntouched && (lead.status === 'new' || lead.status === 'spam')
}
