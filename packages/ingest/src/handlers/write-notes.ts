import type { ConflictValues } from '@landfall/contract'
import type { TenantSession } from '@landfall/database'
import type { NoteState } from '../conflicts/resolve-note-edit.ts'
import type { HandlerContext } from '../engine/handler.ts'
import { actorId } from '../principal.ts'
import type { StoredNote } from './stored-note.ts'

/** What gave way, as the history of the lead keeps it. */
export interface OverriddenNote {
  data: Record<string, unknown>
  /** Clamped time of the operation. */
  madeAt: Date
}

export interface NoteWrite {
  note: StoredNote
  opId: string
  next: NoteState
  overridden: OverriddenNote | null
}

export const overriddenNote = (
  noteId: string,
  fields: ConflictValues,
  version: number,
  madeAt: Date,
): OverriddenNote => ({ data: { noteId, fields, version }, madeAt })

/** Writes changed notes, and what gave way into the history of their leads, in one statement. */
export async function writeNotes(
  { session, principal }: Pick<HandlerContext, 'session' | 'principal'>,
  writes: readonly NoteWrite[],
): Promise<void> {
  const rows = writes.map(({ note, opId, next, overridden }) => ({
    id: note.id,
    lead_id: note.leadId,
    op_id: opId,
    body: next.body,
    updated_at: next.updatedAt.toISOString(),
    version: next.version,
    device_id: next.deviceId,
    overridden: overridden?.data,
    made_at: overridden?.madeAt.toISOString(),
  }))
  await session.query({
    text: `
      WITH input AS (
        SELECT * FROM json_to_recordset($4::json) AS input(
          id uuid, lead_id uuid, op_id uuid, body text, updated_at timestamptz, version int, device_id uuid,
          overridden jsonb, made_at timestamptz)
      ), written AS (
        UPDATE notes SET body = input.body, updated_at = input.updated_at, version = input.version,
          write_id = input.op_id, device_id = input.device_id
        FROM input WHERE notes.tenant_id = $1::uuid AND notes.id = input.id
      )
      INSERT INTO lead_events (tenant_id, lead_id, kind, actor_kind, actor_id, op_id, data, captured_at)
      SELECT $1::uuid, lead_id, 'overridden', $2::text, $3::text, op_id, overridden, made_at
      FROM input WHERE overridden IS NOT NULL`,
    values: [principal.tenantId, principal.kind, actorId(principal), JSON.stringify(rows)],
  })
}

export async function deleteNotes(session: TenantSession, tenantId: string, ids: readonly string[]): Promise<void> {
  await session.query({
    text: 'DELETE FROM notes WHERE tenant_id = $1 AND id = ANY($2::uuid[])',
    values: [tenantId, ids],
  })
}

/** Takes the notes of leads with all that was written in them: also what the ledger's answers repeat of their texts. */
export async function forgetNotesOfLeads(
  session: TenantSession,
  tenantId: string,
  leadIds: readonly string[],
): Promise<void> {
  await session.query({
    text: `
      WITH gone AS (DELETE FROM notes WHERE tenant_id = $1 AND lead_id = ANY($2::uuid[]))
      UPDATE sync_operations SET result = result - 'values'
      WHERE tenant_id = $1 AND entity = 'note' AND op_id IN (
        SELECT op_id FROM lead_events WHERE tenant_id = $1 AND lead_id = ANY($2::uuid[]) AND kind = 'overridden')`,
    values: [tenantId, leadIds],
  })
}
