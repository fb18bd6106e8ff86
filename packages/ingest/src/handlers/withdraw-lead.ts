import { leadWithdraw } from '@landfall/contract'
import { type LeadField, resolveLeadEdit } from '../conflicts/resolve-lead-edit.ts'
import type { Candidate, Effect, Handler, HandlerContext, Verdict } from '../engine/handler.ts'
import { editTime } from './device-time.ts'
import { eventOf } from './edit-lead.ts'
import { checkOwnUnread } from './own-unread-lead.ts'
import { rejectPayload } from './reject-payload.ts'
import { lockLeads, type StoredLead } from './stored-lead.ts'
import { emptyHistory, type LeadWrite, writeLeads } from './write-leads.ts'
import { forgetNotesOfLeads } from './write-notes.ts'

interface Withdrawal extends Candidate<Record<string, never>> {
  lead: StoredLead
}

/** `lead.delete` by the visitor who sent it, while it is unread: nothing that was typed stays anywhere, notes included. */
export function withdrawLead(): Handler<Record<string, never>, Withdrawal> {
  return {
    parse({ payload }) {
      const parsed = leadWithdraw.safeParse(payload)
      return parsed.success ? { outcome: 'parsed', prepared: {} } : rejectPayload(parsed.error.issues)
    },

    async check({ session, principal }, run) {
      const ids = run.map(({ operation }) => operation.entityId)
      const leads = await lockLeads(session, principal.tenantId, ids)
      return run.map((candidate): Verdict<Withdrawal> => {
        const own = checkOwnUnread(principal, leads.get(candidate.operation.entityId))
        return own.outcome === 'rejected' ? own : { outcome: 'go', ready: { ...candidate, lead: own.lead } }
      })
    },

    async execute(context, run) {
      const settled = run.map((withdrawal) => settle(context, withdrawal))
      const gone = settled.filter(({ write }) => write.isWithdrawn).map(({ write }) => write.leadId)
      const { tenantId } = context.principal
      await Promise.all([
        gone.length > 0 && forgetNotesOfLeads(context.session, tenantId, gone),
        gone.length > 0 && emptyHistory(context.session, tenantId, gone),
        writeLeads(
          context.session,
          context,
          settled.map(({ write }) => write),
        ),
      ])
      return settled.map(({ effect }) => effect)
    },
  }
}

/** A delete beats an edit only if it was made knowing it, or after it. */
function settle(context: HandlerContext, { operation, lead }: Withdrawal): { write: LeadWrite; effect: Effect } {
  const { opId, baseVersion } = operation
  const madeAt = editTime(operation.capturedAt, context, lead.receivedAt)
  const version = lead.version + 1
  const base = { leadId: lead.id, opId, madeAt }
  const unknown = baseVersion === undefined ? [] : laterEdits(lead, baseVersion, madeAt)
  if (unknown.length > 0) {
    const { next } = resolveLeadEdit(lead, {
      baseVersion: lead.version,
      changes: new Map(),
      editedAt: madeAt,
      opId,
      by: 'visitor',
      deviceId: context.deviceId,
    })
    const lost = new Map<LeadField, object>([['status', { kept: lead.status, lost: 'withdrawn' }]])
    const { spamReasons, consents } = lead
    const events = eventOf('overridden', lost, { baseVersion, version })
    return {
      write: { ...base, next, spamReasons, consents, isWithdrawn: false, events },
      effect: { outcome: 'conflict', version, fields: unknown },
    }
  }
  return {
    write: {
      ...base,
      next: { status: 'withdrawn', values: {}, version, fieldEdits: {} },
      spamReasons: lead.spamReasons,
      consents: [],
      isWithdrawn: true,
      events: [{ kind: 'withdrawn', data: { version } }],
    },
    effect: { outcome: 'applied', version },
  }
}

function laterEdits({ fieldEdits }: StoredLead, baseVersion: number, madeAt: Date): string[] {
  const isUnknown = ([, edit]: [string, { version: number; editedAt: string }]) =>
    edit.version > baseVersion && edit.editedAt > madeAt.toISOString()
  return Object.entries(fieldEdits)
    .filter(isUnknown)
    .map(([field]) => field)
}
