'use client'

import type { EDITABLE_LEAD_STATUSES } from '@landfall/contract'
import { messagesFor, useSync } from '@landfall/lead-form'
import type { LeadViewRow } from '@landfall/local-db'
import { OutboxUnavailableError } from '@landfall/outbox'
import { useState } from 'react'
import { statusLabel } from './status-labels.ts'

export type EditableStatus = (typeof EDITABLE_LEAD_STATUSES)[number]

/** Changes a lead's status at once on this device; the outbox takes it to the server, now or when there is a network. */
export function useEditStatus({ id, version }: Pick<LeadViewRow, 'id' | 'version'>) {
  const { enqueue } = useSync()
  /** Why the change could not be saved, in words. */
  const [problem, setProblem] = useState<string>()
  /** @returns whether it is on this device's disk */
  const edit = async (status: EditableStatus): Promise<boolean> => {
    setProblem(undefined)
    try {
      await enqueue({
        entity: 'lead',
        action: 'update',
        entityId: id,
        baseVersion: version,
        label: `Status: ${statusLabel(status)}`,
        changes: { status },
        payload: { status },
      })
      return true
    } catch (error) {
      if (!(error instanceof OutboxUnavailableError)) throw error
      setProblem(`The change could not be saved. ${messagesFor('en').unkept[error.reason]}`)
      return false
    }
  }
  return { edit, problem }
}
