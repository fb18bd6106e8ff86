'use client'

import type { QueueEntryView } from '@landfall/contract'
import { useEntries, useOutbox } from '@landfall/lead-form'
import { LocalDbProvider } from '@landfall/local-db/react'
import { visitorShapes } from '@landfall/shapes/client'
import { type ComponentProps, type ReactNode, useEffect, useState } from 'react'

type LocalDbOptions = ComponentProps<typeof LocalDbProvider>['options']

/** A receipt is waited for this long after its lead was delivered. */
const OUTSTANDING_FOR_MS = 30 * 24 * 60 * 60 * 1_000

/** Opens the local database once it is of use: the visitor touched a form, or something sent is still open. */
export function ReceiptsProvider({ workerPath, children }: { workerPath: string | undefined; children: ReactNode }) {
  return <LocalDbProvider options={useLocalDbOptions(workerPath)}>{children}</LocalDbProvider>
}

function useLocalDbOptions(workerPath: string | undefined): LocalDbOptions {
  const outbox = useOutbox()
  const entries = useEntries()
  const hasTouchedForm = useHasTouchedForm()
  const [options, setOptions] = useState<LocalDbOptions>(null)
  const isWanted = hasTouchedForm || entries.some(isOutstanding)
  // A device that the server has never heard of has nothing to read there.
  const isKnownToServer = entries.some((entry) => entry.state === 'delivered')

  useEffect(() => {
    if (!outbox || !workerPath || !isWanted) return
    let isCurrent = true
    outbox.identity().then(
      (device) => {
        if (!isCurrent) return
        const shapes = isKnownToServer ? visitorShapes(location.origin, device) : []
        setOptions({
          owner: outbox.queue.queue,
          workerUrl: new URL(workerPath, location.origin).href,
          shapes,
          queue: outbox,
        })
      },
      () => {
        // No storage, no local database: the page shows what it knows without.
      },
    )
    return () => {
      isCurrent = false
    }
  }, [outbox, workerPath, isWanted, isKnownToServer])
  return options
}

function isOutstanding(entry: QueueEntryView): boolean {
  return entry.deliveredAt === null || Date.now() - Date.parse(entry.deliveredAt) < OUTSTANDING_FOR_MS
}

function useHasTouchedForm(): boolean {
  const [hasTouched, setHasTouched] = useState(false)
  useEffect(() => {
    const touched = () => setHasTouched(true)
    document.addEventListener('leadform:start', touched, { once: true })
    return () => document.removeEventListener('leadform:start', touched)
  }, [])
  return hasTouched
}
