'use client'

import { useEntries, useOutbox } from '@landfall/lead-form'
import { useLocalDb } from '@landfall/local-db/react'
import { useEffect } from 'react'

/** Keeps the local database's mirror of the outbox true: at start, and after every change. */
export function ReconcileOutbox() {
  const outbox = useOutbox()
  const entries = useEntries()
  const { db } = useLocalDb()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `entries` says when, the store says what
  useEffect(() => {
    // The outbox is the truth. A mirror that fails is drawn again at the next change.
    if (db && outbox) db.reconcileFrom(() => outbox.readEntries()).catch(() => {})
  }, [db, outbox, entries])
  return null
}
