'use client'

import { useLocalDb } from '@landfall/local-db/react'
import { Button, ButtonLink, Notice } from '@landfall/ui'

/** What keeps the board from being live, or needs a look at another place, if anything. */
export function BoardNotices({ notAccepted, onLook }: { notAccepted: number; onLook: () => void }) {
  const { status } = useLocalDb()
  return (
    <>
      {status?.phase === 'failed' ? (
        <Notice tone="danger" role="alert" title="The leads on this device could not be opened">
          <p>{status.message} Reload the page to try again; nothing on the server is affected.</p>
        </Notice>
      ) : null}
      {status?.phase === 'ready' && status.sync.leads === 'unauthorized' ? (
        <Notice
          tone="warning"
          role="alert"
          title="You are no longer signed in"
          actions={<ButtonLink href="/sign-in">Sign in</ButtonLink>}
        >
          <p>What you see is what was on this device. Changes are kept and sent after you have signed in.</p>
        </Notice>
      ) : null}
      {notAccepted > 0 ? (
        <Notice
          tone="warning"
          role="status"
          actions={
            <Button size="small" variant="secondary" onClick={onLook}>
              {notAccepted === 1 ? 'Look at it' : 'Look at them'}
            </Button>
          }
        >
          <p>
            {notAccepted === 1 ? 'One change was' : `${notAccepted} changes were`} not accepted by the server and taken
            back.
          </p>
        </Notice>
      ) : null}
    </>
  )
}
