'use client'

import type { FormDefinition } from '@landfall/contract'
import type { Lead } from '@landfall/local-db/tables'
import { LeadRow } from './lead-row.tsx'
import { useNoteCounts } from './notes/use-note-counts.ts'
import { statusConflicts } from './status-conflict.ts'
import { useConflicts } from './use-conflicts.ts'

export function LeadTable({ leads, forms }: { leads: readonly Lead[]; forms: readonly FormDefinition[] }) {
  const { conflicts, putAway } = useConflicts(statusConflicts)
  const noteCounts = useNoteCounts()
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
          <LeadRow
            key={lead.id}
            lead={lead}
            forms={forms}
            conflict={conflicts.get(lead.id)}
            onPutAway={putAway}
            noteCount={noteCounts.get(lead.id) ?? 0}
          />
        ))}
      </tbody>
    </table>
  )
}
