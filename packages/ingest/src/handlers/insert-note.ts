import { type LeadStatus, type NoteInsert, noteInsert } from '@landfall/contract'
import type { TenantSession } from '@landfall/database'
import { type Candidate, type Effect, type Handler, rejected, type Verdict } from '../engine/handler.ts'
import { actorId } from '../principal.ts'
import { editTime } from './device-time.ts'
import { rejectNote } from './reject-note.ts'

interface NewNote extends Candidate<NoteInsert> {
  leadReceivedAt: Date
}

/** `note.insert` by a member: whose it is, is whoever sends it. */
export function insertNote(): Handler<NoteInsert, NewNote> {
  return {
    foregone: { outcome: 'applied', version: 1 },

    parse({ payload }) {
      const parsed = noteInsert.safeParse(payload)
      return parsed.success ? { outcome: 'parsed', prepared: parsed.data } : rejectNote(parsed.error.issues)
    },

    async check({ session, principal }, run) {
      const leads = await holdLeads(
        session,
        principal.tenantId,
        run.map(({ prepared }) => prepared.leadId),
      )
      return run.map((candidate): Verdict<NewNote> => {
        const lead = leads.get(candidate.prepared.leadId)
        if (!lead) return rejected('not_found', { detail: 'There is no such lead.' })
        if (lead.status === 'withdrawn') return rejected('withdrawn')
        return { outcome: 'go', ready: { ...candidate, leadReceivedAt: lead.receivedAt } }
      })
    },

    async execute(context, run) {
      const rows = run.map(({ operation, prepared, leadReceivedAt }) => ({
        id: operation.entityId,
        lead_id: prepared.leadId,
        body: prepared.body,
        written_at: editTime(operation.capturedAt, context, leadReceivedAt).toISOString(),
        op_id: operation.opId,
      }))
      const { tenantId } = context.principal
      const stored = await context.session.query<{ id: string }>({
        text: `
          INSERT INTO notes (tenant_id, id, lead_id, author_id, body, created_at, updated_at, write_id, device_id)
          SELECT $1::uuid, id, lead_id, $2::text, body, written_at, written_at, op_id, $3::uuid
          FROM json_to_recordset($4::json) AS input(id uuid, lead_id uuid, body text, written_at timestamptz, op_id uuid)
          ON CONFLICT DO NOTHING RETURNING id`,
        values: [tenantId, actorId(context.principal), context.deviceId, JSON.stringify(rows)],
      })
      const ids = new Set(stored.map(({ id }) => id))
      return run.map(({ operation }): Effect => {
        if (ids.has(operation.entityId)) return { outcome: 'applied', version: 1 }
        return rejected('id_already_used', { detail: 'There is a note with this id.' })
      })
    },
  }
}

/** The leads that notes are written on. A withdrawal waits, and finds the notes; what comes after it finds it. */
async function holdLeads(
  session: TenantSession,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, { status: LeadStatus; receivedAt: Date }>> {
  const rows = await session.query<{ id: string; status: LeadStatus; receivedAt: Date }>({
    text: `
      SELECT id, status, received_at AS "receivedAt" FROM leads WHERE tenant_id = $1 AND id = ANY($2::uuid[])
      ORDER BY id FOR KEY SHARE`,
    values: [tenantId, ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}
