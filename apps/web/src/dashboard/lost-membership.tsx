'use client'

import { type ProblemCode, problemDetails } from '@landfall/contract'
import { useOutbox } from '@landfall/lead-form'
import { useLocalDb } from '@landfall/local-db/react'
import { useEffect } from 'react'
import { leaveDevice, onLeft } from './leave-device.ts'

/** Takes a workspace from the device of somebody who may not see it any more, and a page from whoever left in another tab. */
export function LostMembership({ tenantId, userId }: { tenantId: string; userId: string }) {
  const outbox = useOutbox()
  const { db, status } = useLocalDb()
  useEffect(
    () =>
      onLeft(tenantId, (goTo) => {
        // Until this page is gone it must not make the queue anew that is being deleted.
        void outbox?.close()
        location.assign(goTo)
      }),
    [tenantId, outbox],
  )

  const isRefused = status?.phase === 'ready' && status.sync.leads === 'unauthorized'
  useEffect(() => {
    if (!isRefused) return
    let isCurrent = true
    isMemberNoMore(tenantId).then(async (isOut) => {
      if (!isOut || !isCurrent) return
      await leaveDevice({ userId, tenantId, outbox, db })
      location.assign('/')
    })
    return () => {
      isCurrent = false
    }
  }, [isRefused, tenantId, userId, outbox, db])
  return null
}

/** Signed in, and refused all the same. A session that merely ran out keeps what is on the device. */
async function isMemberNoMore(tenantId: string): Promise<boolean> {
  try {
    const response = await fetch(`/api/workspaces/${tenantId}/shapes/leads?offset=now`, { cache: 'no-store' })
    if (response.status !== 403) return false
    // A network that wants a sign-in says 403 as well, and nothing may be deleted because of it.
    const problem = problemDetails.safeParse(await response.json())
    return problem.success && problem.data.code === ('not_allowed' satisfies ProblemCode)
  } catch {
    return false
  }
}
