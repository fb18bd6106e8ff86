'use client'

import { useOutbox } from '@landfall/lead-form'
import { LocalDbProvider } from '@landfall/local-db/react'
import { memberShapes } from '@landfall/shapes/client'
import { type ComponentProps, type ReactNode, useEffect, useState } from 'react'

type LocalDbOptions = ComponentProps<typeof LocalDbProvider>['options']

export interface WorkspaceDatabaseProps {
  tenantId: string
  /** Undefined when the files were not built. */
  workerPath: string | undefined
  children: ReactNode
}

/** The local database of whoever owns the outbox above: what is written in it goes on to that outbox. */
export function WorkspaceDatabase({ tenantId, workerPath, children }: WorkspaceDatabaseProps) {
  const outbox = useOutbox()
  const [options, setOptions] = useState<LocalDbOptions>(null)
  useEffect(() => {
    if (!outbox || !workerPath) return setOptions(null)
    const workerUrl = new URL(workerPath, location.origin).href
    const shapes = memberShapes(location.origin, tenantId)
    setOptions({ owner: outbox.queue.queue, workerUrl, shapes, queue: outbox })
  }, [outbox, tenantId, workerPath])
  return <LocalDbProvider options={options}>{children}</LocalDbProvider>
}
