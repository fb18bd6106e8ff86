import { type FormDefinition, type LeadUpdate, leadUpdate } from '@landfall/contract'
import { type FieldValue, type LeadField, resolveLeadEdit, toConflictValues } from '../conflicts/resolve-lead-edit.ts'
import { type Candidate, type Effect, type Handler, rejected, type Verdict } from '../engine/handler.ts'
import type { FormVersionCache } from '../forms/form-version-cache.ts'
import { checkChangedValues } from './check-changed-values.ts'
import { editTime } from './device-time.ts'
import { lockLeadsWithForms } from './lock-leads-with-forms.ts'
import { rejectPayload } from './reject-payload.ts'
import type { StoredLead } from './stored-lead.ts'
import { type LeadEvent, type LeadWrite, writeLeads } from './write-leads.ts'

interface Prepared {
  payload: LeadUpdate
  baseVersion: number
}

interface Edit extends Candidate<Prepared> {
  lead: StoredLead
  changes: Map<LeadField, FieldValue>
}

/** `lead.update` by a member: their edit is settled against what others wrote since they saw the lead. */
export function editLead(forms: FormVersionCache): Handler<Prepared, Edit> {
  return {
    parse({ payload, baseVersion }) {
      const parsed = leadUpdate.safeParse(payload)
      if (!parsed.success) return rejectPayload(parsed.error.issues)
      if (baseVersion === undefined) return rejected('malformed', { detail: 'baseVersion is missing.' })
      const { status, values = {} } = parsed.data
      if (status === undefined && Object.keys(values).length === 0) {
        return rejected('malformed', { detail: 'The payload changes nothing.' })
      }
      return { outcome: 'parsed', prepared: { payload: parsed.data, baseVersion } }
    },

    async check({ session, principal: { tenantId } }, run) {
      const { leads, formOf } = await lockLeadsWithForms(session, tenantId, forms, run)
      return run.map((candidate): Verdict<Edit> => {
        const lead = leads.get(candidate.operation.entityId)
        if (!lead) return rejected('not_found')
        if (lead.status === 'withdrawn') return rejected('withdrawn')
        const form = formOf.get(lead.id)
        if (form?.kind !== 'found') return rejected(form?.kind ?? 'unknown_form')
        return judge(candidate, lead, form.definition)
      })
    },

    async execute(context, run) {
      const settled = run.map(({ operation, prepared, lead, changes }) => {
        const madeAt = editTime(operation.capturedAt, context, lead.receivedAt)
        const { opId } = operation
        const { baseVersion } = prepared
        const by = 'member' as const
        const edit = { baseVersion, changes, editedAt: madeAt, opId, by, deviceId: context.deviceId }
        return { lead, opId, madeAt, baseVersion, resolution: resolveLeadEdit(lead, edit) }
      })
      await writeLeads(
        context.session,
        context,
        settled.map(
          ({ lead, opId, madeAt, baseVersion, resolution: { next, changed, conflicts } }): LeadWrite => ({
            leadId: lead.id,
            opId,
            madeAt,
            next,
            spamReasons: lead.spamReasons,
            consents: lead.consents,
            isWithdrawn: false,
            events: [
              ...eventOf('changed', changed, { baseVersion, version: next.version }),
              ...eventOf('overridden', conflicts, { baseVersion, version: next.version }),
            ],
          }),
        ),
      )
      return settled.map(({ resolution: { next, conflicts } }): Effect => {
        const { version } = next
        if (conflicts.size === 0) return { outcome: 'applied', version }
        return { outcome: 'conflict', version, fields: [...conflicts.keys()], values: toConflictValues(conflicts) }
      })
    },
  }
}

function judge(candidate: Candidate<Prepared>, lead: StoredLead, form: FormDefinition): Verdict<Edit> {
  const { status, values = {} } = candidate.prepared.payload
  const consent = form.fields.find((field) => field.type === 'consent' && Object.hasOwn(values, field.name))
  if (consent) {
    return rejected('field_not_allowed', { detail: `Only the visitor agrees to anything: ${consent.name}` })
  }
  const checked = checkChangedValues(form, values)
  if (checked.outcome === 'rejected') return checked
  const changes = new Map(checked.changes)
  if (status !== undefined) changes.set('status', status)
  return { outcome: 'go', ready: { ...candidate, lead, changes } }
}

/** A line of the history with the two values of each field, or none. */
export function eventOf(
  kind: LeadEvent['kind'],
  fields: ReadonlyMap<LeadField, object>,
  more: Record<string, unknown>,
): LeadEvent[] {
  return fields.size === 0 ? [] : [{ kind, data: { fields: Object.fromEntries(fields), ...more } }]
}
