'use client'

import type { SpamReason } from '@landfall/contract'
import type { Lead } from '@landfall/local-db/tables'
import { Button } from '@landfall/ui'
import { useEditStatus } from './use-edit-status.ts'

const REASONS: Record<SpamReason, string> = {
  decoy: 'A field was filled in that people do not see.',
  too_fast: 'It was filled in faster than a person can.',
  too_many_links: 'It has many links for so little text.',
  too_many_at_once: 'Many messages came from the same device at once.',
}

/** Why a lead was set apart, in words; nothing is judged for good but by a member. */
export function SpamReview({ lead, who }: { lead: Lead; who: string }) {
  const { edit, problem } = useEditStatus(lead)
  return (
    <div className="dash-spam">
      {lead.spamReasons.length > 0 ? (
        <ul>
          {lead.spamReasons.map((reason) => (
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
