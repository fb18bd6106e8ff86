'use client'

import { useOutbox } from '@landfall/lead-form'
import { useLocalDb } from '@landfall/local-db/react'
import { forgetPages } from '@landfall/service-worker/register'
import { Button } from '@landfall/ui'
import { useState } from 'react'

/** Ends the session and leaves nothing of the workspace on this device. */
export function SignOut() {
  const outbox = useOutbox()
  const { db } = useLocalDb()
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  const signOut = async () => {
    setIsBusy(true)
    setProblem(undefined)
    await outbox?.flush({ urgency: 'now' })
    const unsent = outbox?.getState().pending ?? 0
    const question = `${unsent} of your changes could not be sent yet and will be lost. Sign out all the same?`
    if (unsent > 0 && !confirm(question)) return setIsBusy(false)
    try {
      const response = await fetch('/api/auth/sign-out', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      if (!response.ok) throw new Error(`sign-out answered ${response.status}`)
    } catch {
      setIsBusy(false)
      setProblem('Signing out needs a connection.')
      return
    }
    // The session is over, so nothing more may be readable here; what fails to go is told by its own error.
    await Promise.allSettled([db?.wipe(), outbox?.wipe(), forgetPages()])
    location.assign('/sign-in')
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
