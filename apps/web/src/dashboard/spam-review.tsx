'use client'

import type { SpamReason } from '@landfall/contract'
import type { LeadViewRow } from '@landfall/local-db'
import { Button } from '@landfall/ui'
import { useEditStatus } from './use-edit-status.ts'

const REASONS: Record<SpamReason, string> = {
  decoy: 'A field was filled in that people do not see.',
  too_fast: 'It was filled in faster than a person can.',
  too_many_links: 'It has many links for so little text.',
  too_many_at_once: 'Many messages came from the same device at once.',
}

/** Why a lead was set apart, in words; nothing is judged for good but by a member. */
export function SpamReview({ lead, who }: { lead: LeadViewRow; who: string }) {
  const { edit, problem } = useEditStatus(lead)
  return (
    <div className="dash-spam">
      {lead.spam_reasons.length > 0 ? (
        <ul>
          {lead.spam_reasons.map((reason) => (
            <li key={reason}>{REASONS[reason] ?? 'It looks like spam.'}</li>
          ))}
        </ul>
      ) : (
        <p>Somebody of your team called it spam.</p>
      )}
      <Button size="small" variant="secondary" aria-label={`Not spam: ${who}`} onClick={() => void edit('new')}>
        Not spam
      </Button>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  )
}
