import type { FoundForm, TenantSession } from '@landfall/database'
import type { Candidate } from '../engine/handler.ts'
import type { FormVersionCache } from '../forms/form-version-cache.ts'
import { lockLeads, type StoredLead } from './stored-lead.ts'

export interface LockedLeads {
  /** By lead id; one that does not exist is absent. */
  leads: ReadonlyMap<string, StoredLead>
  /** The version of the form that each was captured with, by lead id. */
  formOf: ReadonlyMap<string, FoundForm | undefined>
}

/** Locks the leads that a run changes, and finds the forms that judge their values. */
export async function lockLeadsWithForms(
  session: TenantSession,
  tenantId: string,
  forms: FormVersionCache,
  run: readonly Pick<Candidate, 'operation'>[],
): Promise<LockedLeads> {
  const leads = await lockLeads(
    session,
    tenantId,
    run.map(({ operation }) => operation.entityId),
  )
  const found = [...leads.values()]
  const versions = await forms.find(
    session,
    tenantId,
    found.map(({ formId, formVersion }) => ({ formId, version: formVersion })),
  )
  return { leads, formOf: new Map(found.map(({ id }, index) => [id, versions[index]])) }
}
