import type { TenantSession } from '@landfall/database'
import type { NoteState } from '../conflicts/resolve-note-edit.ts'

/** A note as it stands, locked until the transaction ends. */
export interface StoredNote extends NoteState {
  id: string
  leadId: string
  authorId: string
  createdAt: Date
}

/** Notes of the tenant by id, locked in the order of their ids; ids that name none are absent. */
export async function lockNotes(
  session: TenantSession,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, StoredNote>> {
  const rows = await session.query<StoredNote>({
    text: `
      SELECT id, lead_id AS "leadId", author_id AS "authorId", body, created_at AS "createdAt",
        updated_at AS "updatedAt", version, device_id AS "deviceId"
      FROM notes WHERE tenant_id = $1 AND id = ANY($2::uuid[])
      ORDER BY id FOR UPDATE`,
    values: [tenantId, ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}
