'use client'

import { EDITABLE_LEAD_STATUSES } from '@landfall/contract'
import { useOutbox } from '@landfall/lead-form'
import type { Lead } from '@landfall/local-db/tables'
import { statusLabel } from './status-labels.ts'
import { type EditableStatus, useEditStatus } from './use-edit-status.ts'

export function StatusSelect({ lead, who }: { lead: Lead; who: string }) {
  const outbox = useOutbox()
  const { edit, problem } = useEditStatus(lead)
  return (
    <>
      <select
        className="dash-select"
        aria-label={`Status of ${who}`}
        data-status={lead.status ?? undefined}
        value={lead.status ?? 'new'}
        disabled={!outbox}
        onChange={(event) => void edit(event.target.value as EditableStatus)}
      >
        {EDITABLE_LEAD_STATUSES.map((status) => (
          <option key={status} value={status}>
            {statusLabel(status)}
          </option>
        ))}
      </select>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </>
  )
}
