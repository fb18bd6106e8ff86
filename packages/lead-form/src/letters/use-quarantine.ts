'use client'

import type { QuarantinedRecord } from '@landfall/outbox'
import { useEffect, useState } from 'react'
import { useOutbox } from '../sync/outbox-provider.tsx'
import { useSyncState } from '../sync/use-sync-state.ts'

const NONE: readonly QuarantinedRecord[] = []

/** Records of this device that cannot be read, the oldest first; live. */
export function useQuarantine(): readonly QuarantinedRecord[] {
  const outbox = useOutbox()
  const state = useSyncState()
  const [records, setRecords] = useState(NONE)
  useEffect(() => {
    if (!outbox || state.quarantined === 0) return setRecords(NONE)
    let isCurrent = true
    outbox.readQuarantine().then(
      (read) => isCurrent && setRecords(read),
      // The count stands in the status all the same.
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [outbox, state])
  return records
}
