import type { FormDefinition } from '@landfall/contract'
import { and, eq } from 'drizzle-orm'
import type { TenantTransaction } from './connection.ts'
import { forms, formVersions } from './schema/index.ts'
import type { TenantSession } from './tenant-session.ts'

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

/** Names one published version of a form. */
export interface FormVersionKey {
  formId: string
  version: number
}

/** The same for many at once, in the order asked. */
export async function findFormVersions(session: TenantSession, keys: readonly FormVersionKey[]): Promise<FoundForm[]> {
  const rows = await session.query<{ isForm: boolean; definition: FormDefinition | null }>({
    name: 'find-form-versions',
    // numeric: a version that no integer holds is unknown, not an error.
    text: `
      SELECT f.id IS NOT NULL AS "isForm", v.definition
      FROM unnest($1::text[], $2::numeric[]) WITH ORDINALITY AS asked(form_id, version, place)
      LEFT JOIN forms f ON f.id = asked.form_id
      LEFT JOIN form_versions v ON v.form_id = f.id AND v.version = asked.version
      ORDER BY asked.place`,
    values: [keys.map((key) => key.formId), keys.map((key) => String(key.version))],
  })
  return rows.map((row) => {
    if (row.definition) return { kind: 'found', definition: row.definition }
    return { kind: row.isForm ? 'unknown_form_version' : 'unknown_form' }
  })
}
