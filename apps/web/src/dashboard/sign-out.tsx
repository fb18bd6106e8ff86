'use client'

import { useOutbox } from '@landfall/lead-form'
import { useLocalDb } from '@landfall/local-db/react'
import { Button } from '@landfall/ui'
import { useState } from 'react'
import { leaveDevice } from './leave-device.ts'
import { sendOrCount } from './send-or-count.ts'

/** Ends the session and leaves nothing of the person's workspaces on this device. */
export function SignOut({ userId }: { userId: string }) {
  const outbox = useOutbox()
  const { db } = useLocalDb()
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  const signOut = async () => {
    setIsBusy(true)
    setProblem(undefined)
    const unsent = await sendOrCount(userId, outbox?.queue)
    const question = `${unsent} of your changes did not reach the server and will be lost. Sign out all the same?`
    if (unsent > 0 && !confirm(question)) return setIsBusy(false)
    if (!(await endSession())) {
      setIsBusy(false)
      setProblem('Signing out needs a connection.')
      return
    }
    const left = await leaveDevice({ userId, outbox, db })
    if (left.length === 0) return location.assign('/sign-in')
    setIsBusy(false)
    setProblem(`You are signed out, but not everything could be removed from this device. ${left.join(' ')}`)
  }

  return (
    <>
      {problem ? <span role="alert">{problem}</span> : null}
      <Button size="small" variant="quiet" disabled={isBusy} onClick={signOut}>
        {isBusy ? 'Signing out…' : 'Sign out'}
      </Button>
    </>
  )
}

async function endSession(): Promise<boolean> {
  try {
    const response = await fetch('/api/auth/sign-out', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    return response.ok
  } catch {
    return false
  }
}
