import {
  checkLeadValues,
  type FormDefinition,
  type LeadInsert,
  type LeadValues,
  leadInsert,
  type SpamReason,
} from '@landfall/contract'
import { consentsOf } from '@landfall/database'
import type { Candidate, Effect, Handler, HandlerContext, Verdict } from '../engine/handler.ts'
import { rejected } from '../engine/handler.ts'
import { storable } from '../engine/storable.ts'
import type { FormVersionCache } from '../forms/form-version-cache.ts'
import { actorId } from '../principal.ts'
import { countRecentLeads, isCapturedRecently } from '../spam/count-recent-leads.ts'
import { judgeSpam } from '../spam/judge-spam.ts'
import { SPAM_THRESHOLDS } from '../spam/spam-thresholds.ts'
import { captureTime, correctedCaptureMs } from './device-time.ts'
import { rejectPayload } from './reject-payload.ts'
import { writeNewLeads } from './write-new-leads.ts'

interface Prepared {
  payload: LeadInsert
  formVersion: number
}

/** A lead that may be stored. */
export interface NewLead extends Candidate<Prepared> {
  form: FormDefinition
  values: LeadValues
  capturedAt: Date
  spamReasons: SpamReason[]
}

/** `lead.insert` by a visitor: the lead, its receipt and the first line of its history. */
export function insertLead(forms: FormVersionCache): Handler<Prepared, NewLead> {
  return {
    foregone: { outcome: 'applied', version: 1 },

    parse(operation) {
      const payload = leadInsert.safeParse(operation.payload)
      if (!payload.success) return rejectPayload(payload.error.issues)
      if (operation.formVersion === undefined) return rejected('malformed', { detail: 'formVersion is missing.' })
      return { outcome: 'parsed', prepared: { payload: payload.data, formVersion: operation.formVersion } }
    },

    async check(context, run) {
      const keys = run.map(({ prepared }) => ({ formId: prepared.payload.formId, version: prepared.formVersion }))
      const [found, recent] = await Promise.all([
        forms.find(context.session, context.principal.tenantId, keys),
        countRecent(context, run),
      ])
      let recentLeads = recent
      return run.map((candidate, index): Verdict<NewLead> => {
        const form = found[index]
        if (form?.kind !== 'found') return rejected(form?.kind ?? 'unknown_form')
        const { payload } = candidate.prepared
        const checked = checkLeadValues(form.definition, payload.values)
        if (!checked.success) return rejected('invalid_values', { fields: checked.problems })
        const { values } = checked
        const spamReasons = judgeSpam(payload, values)
        if (isRecent(context, candidate)) recentLeads += 1
        if (isRecent(context, candidate) && recentLeads > SPAM_THRESHOLDS.maxLeadsPerWindow) {
          spamReasons.push('too_many_at_once')
        }
        const capturedAt = captureTime(candidate.operation.capturedAt)
        return { outcome: 'go', ready: { ...candidate, form: form.definition, values, capturedAt, spamReasons } }
      })
    },

    async execute(context, run) {
      const { tenantId } = context.principal
      const clientId = actorId(context.principal)
      const rows = run.map(({ operation, prepared, form, values, capturedAt, spamReasons }) => ({
        id: operation.entityId,
        form_id: form.formId,
        form_version: form.version,
        form_title: form.title,
        values,
        // Cut to its limit, it may end in half a character. Values are cleaned where they are checked.
        attribution: storable(prepared.payload.attribution),
        status: spamReasons.length > 0 ? ('spam' as const) : ('new' as const),
        spam_reasons: spamReasons,
        consents: consentsOf(form, values, capturedAt),
        captured_at: capturedAt.toISOString(),
        captured_offline: prepared.payload.capturedOffline,
        op_id: operation.opId,
      }))
      const { receivedAt, clockSkewMs } = context
      const stored = await writeNewLeads(context.session, { tenantId, clientId, receivedAt, clockSkewMs }, rows)
      return run.map(({ operation, spamReasons }): Effect => {
        if (!stored.has(operation.opId)) return rejected('id_already_used', { detail: 'There is a lead with this id.' })
        if (spamReasons.length > 0) context.observe(operation.opId, { spamReasons })
        return { outcome: 'applied', version: 1 }
      })
    },
  }
}

const isRecent = ({ clockSkewMs, receivedAt }: HandlerContext, { operation }: Candidate) =>
  isCapturedRecently(correctedCaptureMs(operation.capturedAt, clockSkewMs), receivedAt)

async function countRecent(context: HandlerContext, run: readonly Candidate[]): Promise<number> {
  if (!run.some((candidate) => isRecent(context, candidate))) return 0
  const { session, principal, receivedAt } = context
  return countRecentLeads(session, { tenantId: principal.tenantId, clientId: actorId(principal), now: receivedAt })
}
