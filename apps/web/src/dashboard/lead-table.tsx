'use client'

import type { FormDefinition } from '@landfall/contract'
import type { LeadViewRow } from '@landfall/local-db'
import { LeadRow } from './lead-row.tsx'
import { useConflicts } from './use-conflicts.ts'

export function LeadTable({ leads, forms }: { leads: readonly LeadViewRow[]; forms: readonly FormDefinition[] }) {
  const { conflicts, putAway } = useConflicts()
  return (
    <table className="dash-table">
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col">Message</th>
          <th scope="col">When</th>
          <th scope="col">Status</th>
        </tr>
      </thead>
      <tbody>
        {leads.map((lead) => (
          <LeadRow key={lead.id} lead={lead} forms={forms} conflict={conflicts.get(lead.id)} onPutAway={putAway} />
        ))}
      </tbody>
    </table>
  )
}
