'use client'

import type { Attribution, FormDefinition } from '@landfall/contract'
import { LeadForm, SyncStatus } from '@landfall/lead-form'
import { useKnownEnquiries } from './enquiries/use-known-enquiries.ts'

export interface InteractiveFormProps {
  form: FormDefinition
  submissionId: string
  /** Where the visitor came from as the server saw it, for a post without JavaScript. */
  attribution: Attribution
}

/** Our own pages use the form as anybody would: through its public props. */
export function InteractiveForm({ form, submissionId, attribution }: InteractiveFormProps) {
  const receipts = useKnownEnquiries()
    .filter((row) => row.received_at !== null)
    .map((row) => ({ leadId: row.lead_id, status: row.progress }))
  return (
    <>
      <LeadForm
        form={form}
        action={`/api/forms/${form.formId}`}
        submissionId={submissionId}
        attribution={attribution}
        enquiriesHref="/enquiries"
        receipts={receipts}
      />
      <SyncStatus locale={form.locale} />
    </>
  )
}
