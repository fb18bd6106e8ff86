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

/** Nobody of the tenant has begun to work on it: it is still its visitor's to change. */
export function isUnread(lead: StoredLead): boolean {
  const isUntouched = !Object.values(lead.fieldEdits).some((edit) => edit.by === 'member')
  return isUntouched && (lead.status === 'new' || lead.status === 'spam')
}
