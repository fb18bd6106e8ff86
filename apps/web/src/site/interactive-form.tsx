'use client'

import type { Attribution, FormDefinition } from '@landfall/contract'
import { LeadForm, SyncStatus } from '@landfall/lead-form'
import { useEffect, useState } from 'react'
import { CORRECT_PARAMETER } from './enquiries/correct-link.ts'
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
    // A withdrawal on its way is nothing that the business has done.
    .map(({ lead_id, progress }) => ({ leadId: lead_id, status: progress === 'withdrawing' ? 'received' : progress }))
  const [correct, setCorrect] = useState<string>()
  useEffect(() => setCorrect(new URLSearchParams(location.search).get(CORRECT_PARAMETER) ?? undefined), [])
  return (
    <>
      <LeadForm
        form={form}
        action={`/api/forms/${form.formId}`}
        submissionId={submissionId}
        attribution={attribution}
        enquiriesHref="/enquiries"
        correct={correct}
        receipts={receipts}
      />
      <SyncStatus locale={form.locale} />
    </>
  )
}
