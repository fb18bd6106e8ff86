import type { FormDefinition } from '@landfall/contract'
import { and, eq } from 'drizzle-orm'
import type { TenantTransaction } from './connection.ts'
import { forms, formVersions } from './schema/index.ts'

export type FoundForm =
  | { kind: 'found'; definition: FormDefinition }
  | { kind: 'unknown_form' }
  | { kind: 'unknown_form_version' }

/** A published version of one of the tenant's forms. Every version ever published is found. */
export async function findFormVersion(tx: TenantTransaction, formId: string, version: number): Promise<FoundForm> {
  const [row] = await tx
    .select({ definition: formVersions.definition })
    .from(forms)
    .leftJoin(formVersions, and(eq(formVersions.formId, forms.id), eq(formVersions.version, version)))
    .where(eq(forms.id, formId))
  if (!row) return { kind: 'unknown_form' }
  return row.definition ? { kind: 'found', definition: row.definition } : { kind: 'unknown_form_version' }
}
