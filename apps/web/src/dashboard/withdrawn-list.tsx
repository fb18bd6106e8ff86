'use client'

import type { Lead } from '@landfall/local-db/tables'
import { Timestamp } from '@landfall/ui'

/** Leads that their visitors took back before anybody read them: nothing of what they wrote is left, only that it was. */
export function WithdrawnList({ leads }: { leads: readonly Lead[] }) {
  return (
    <ul className="letters">
      {leads.map((lead) => (
        <li key={lead.id} className="letter" data-lead={lead.id}>
          <p>
            Received <Timestamp value={lead.receivedAt.toISOString()} locale="en" />, taken back by its sender{' '}
            <Timestamp value={lead.updatedAt.toISOString()} locale="en" />. What was written has been deleted.
          </p>
        </li>
      ))}
    </ul>
  )
}
