'use client'

import type { EDITABLE_LEAD_STATUSES } from '@landfall/contract'
import type { Lead } from '@landfall/local-db/tables'
import { leads } from '@landfall/local-db/tables'
import { eq } from 'drizzle-orm'
import { statusLabel } from './status-labels.ts'
import { useWrite } from './use-write.ts'

export type EditableStatus = (typeof EDITABLE_LEAD_STATUSES)[number]

/** Changes a lead's status at once on this device; it goes to the server now, or when there is a network. */
export function useEditStatus({ id, version }: Pick<Lead, 'id' | 'version'>) {
  const { write, problem } = useWrite()
  /** @returns whether it is on this device's disk */
  const edit = (status: EditableStatus): Promise<boolean> =>
    write((tx) => tx.update(leads).set({ status }).where(eq(leads.id, id)), {
      label: `Status: ${statusLabel(status)}`,
      seenVersion: version,
    })
  return { edit, problem }
}
