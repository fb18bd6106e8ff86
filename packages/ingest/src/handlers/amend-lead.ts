import { type FormDefinition, type LeadAmend, type LeadConsent, type LeadValues, leadAmend } from '@landfall/contract'
import { consentsOf } from '@landfall/database'
import { type FieldValue, type LeadField, resolveLeadEdit } from '../conflicts/resolve-lead-edit.ts'
import { type Candidate, type Effect, type Handler, rejected, type Verdict } from '../engine/handler.ts'
import type { FormVersionCache } from '../forms/form-version-cache.ts'
import { rejudgeSpam } from '../spam/judge-spam.ts'
import { checkChangedValues } from './check-changed-values.ts'
import { editTime } from './device-time.ts'
import { eventOf } from './edit-lead.ts'
import { lockLeadsWithForms } from './lock-leads-with-forms.ts'
import { checkOwnUnread } from './own-unread-lead.ts'
import { rejectPayload } from './reject-payload.ts'
import type { StoredLead } from './stored-lead.ts'
import { writeLeads } from './write-leads.ts'

interface Amendment extends Candidate<LeadAmend> {
  lead: StoredLead
  form: FormDefinition
  changes: Map<LeadField, FieldValue>
}

/** `lead.update` by the visitor who sent it, while it is unread. What was typed before stays in the history. */
export function amendLead(forms: FormVersionCache): Handler<LeadAmend, Amendment> {
  return {
    parse({ payload }) {
      const parsed = leadAmend.safeParse(payload)
      if (!parsed.success) return rejectPayload(parsed.error.issues)
      if (Object.keys(parsed.data.values).length === 0) {
        return rejected('malformed', { detail: 'The payload changes nothing.' })
      }
      return { outcome: 'parsed', prepared: parsed.data }
    },

    async check({ session, principal }, run) {
      const { tenantId } = principal
      const { leads, formOf } = await lockLeadsWithForms(session, tenantId, forms, run)
      return run.map((candidate): Verdict<Amendment> => {
        const own = checkOwnUnread(principal, leads.get(candidate.operation.entityId))
        if (own.outcome === 'rejected') return own
        const form = formOf.get(own.lead.id)
        if (form?.kind !== 'found') return rejected(form?.kind ?? 'unknown_form')
        const checked = checkChangedValues(form.definition, candidate.prepared.values)
        if (checked.outcome === 'rejected') return checked
        return {
          outcome: 'go',
          ready: { ...candidate, lead: own.lead, form: form.definition, changes: checked.changes },
        }
      })
    },

    async execute(context, run) {
      const settled = run.map(({ operation, lead, form, changes }) => {
        const { opId, baseVersion = 1 } = operation
        const madeAt = editTime(operation.capturedAt, context, lead.receivedAt)
        const by = 'visitor' as const
        const edit = { baseVersion, changes, editedAt: madeAt, opId, by, deviceId: context.deviceId }
        const { next, changed, conflicts } = resolveLeadEdit(lead, edit)
        const spamReasons = rejudgeSpam(lead.spamReasons, next.values)
        const status = spamReasons.length > 0 ? ('spam' as const) : ('new' as const)
        const { version } = next
        return {
          leadId: lead.id,
          opId,
          madeAt,
          next: { ...next, status },
          spamReasons,
          consents: amendConsents(lead.consents, form, next.values, madeAt),
          isWithdrawn: false,
          events: [...eventOf('amended', changed, { version }), ...eventOf('overridden', conflicts, { version })],
          conflicts: [...conflicts.keys()],
        }
      })
      await writeLeads(context.session, context, settled)
      return settled.map(({ opId, next: { version }, conflicts, spamReasons }): Effect => {
        if (spamReasons.length > 0) context.observe(opId, { spamReasons })
        // Without the values: the ledger would still hold them when the visitor has taken the lead back.
        return conflicts.length > 0
          ? { outcome: 'conflict', version, fields: conflicts }
          : { outcome: 'applied', version }
      })
    },
  }
}

/** What was agreed to before stays as it was agreed to; what is ticked now is agreed to now. */
function amendConsents(
  before: readonly LeadConsent[],
  form: FormDefinition,
  values: LeadValues,
  agreedAt: Date,
): LeadConsent[] {
  return consentsOf(form, values, agreedAt).map(
    (consent) => before.find(({ field }) => field === consent.field) ?? consent,
  )
}
