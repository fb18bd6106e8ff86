import { type FormDefinition, formDefinition, type LeadValues } from '@landfall/contract'
import { and, asc, eq } from 'drizzle-orm'
import { type AppDatabase, withTenant } from './connection.ts'
import { forms, formVersions, leads, tenants } from './schema/index.ts'

export interface TenantSite {
  tenantId: string
  slug: string
  name: string
  /** `SiteContent` of the contract, as stored. */
  site: unknown
  /** Current version of each form, the contact form first. */
  forms: FormDefinition[]
}

/** What a tenant's pages show. */
export function readTenantSite(database: AppDatabase, tenantId: string): Promise<TenantSite | undefined> {
  return withTenant(database, tenantId, async (tx) => {
    const [tenant] = await tx.select().from(tenants).where(eq(tenants.id, tenantId))
    if (!tenant) return undefined
    const rows = await tx
      .select({ definition: formVersions.definition })
      .from(forms)
      .innerJoin(formVersions, and(eq(formVersions.formId, forms.id), eq(formVersions.version, forms.currentVersion)))
      .orderBy(asc(forms.position), asc(forms.id))
    return {
      tenantId,
      slug: tenant.slug,
      name: tenant.name,
      site: tenant.site,
      forms: rows.map((row) => formDefinition.parse(row.definition)),
    }
  })
}

/** Values of a lead, to tell a form that was posted twice from a second lead. */
export function readLeadValues(
  database: AppDatabase,
  tenantId: string,
  leadId: string,
): Promise<LeadValues | undefined> {
  return withTenant(database, tenantId, async (tx) => {
    const [lead] = await tx
      .select({ values: leads.values })
      .from(leads)
      .where(and(eq(leads.tenantId, tenantId), eq(leads.id, leadId)))
    return lead?.values
  })
}
