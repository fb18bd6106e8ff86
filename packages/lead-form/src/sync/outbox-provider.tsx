'use client'

import { Outbox, type QueueRecord } from '@landfall/outbox'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

const OutboxContext = createContext<Outbox | undefined>(undefined)

/** Outboxes of this page by tenant: one each, however often a component mounts. */
const opened = new Map<string, Outbox>()

function outboxOf(queue: QueueRecord): Outbox {
  const known = opened.get(queue.queue)
  if (known) return known
  const outbox = new Outbox(queue)
  opened.set(queue.queue, outbox)
  return outbox
}

/** Gives forms and indicators below the tenant's outbox, which delivers while the page lives. */
export function OutboxProvider({ queue, children }: { queue: QueueRecord; children: ReactNode }) {
  const [outbox, setOutbox] = useState<Outbox>()
  const { queue: name, tenantId, kind, endpoint } = queue
  useEffect(() => {
    const mine = outboxOf({ queue: name, tenantId, kind, endpoint })
    setOutbox(mine)
    // A browser without storage starts nothing; the form finds out when it saves, and says so.
    mine.start().catch(() => {})
    return () => mine.stop()
  }, [name, tenantId, kind, endpoint])
  return <OutboxContext value={outbox}>{children}</OutboxContext>
}

/** The outbox of the page, undefined until the browser has taken over from the server's HTML. */
export function useOutbox(): Outbox | undefined {
  return useContext(OutboxContext)
}
