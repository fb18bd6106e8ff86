'use client'

import type { LocalDbStatus, Rebuild } from '@landfall/local-db'
import { useLocalDb } from '@landfall/local-db/react'
import { Button, ButtonLink, Notice } from '@landfall/ui'
import { useState } from 'react'

type Ready = Extract<LocalDbStatus, { phase: 'ready' }>

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
      {status?.phase === 'ready' ? <DatabaseNotices status={status} /> : null}
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

const WHY_REBUILT: Record<Rebuild['reason'], string> = {
  damaged: 'The copy of this workspace on your device was damaged.',
  hung: 'The copy of this workspace on your device did not open any more.',
  'other-engine': 'The copy of this workspace on your device was of another version of this site.',
  'other-schema': 'The copy of this workspace on your device was of another version of this site.',
  'other-owner': 'The copy of this workspace on your device was not yours.',
}

function DatabaseNotices({ status }: { status: Ready }) {
  const { rebuilt, schema } = status
  const [readAtMs, setReadAtMs] = useState<number>()
  return (
    <>
      {status.sync.leads === 'unauthorized' ? (
        <Notice
          tone="warning"
          role="alert"
          title="You are no longer signed in"
          actions={<ButtonLink href="/sign-in">Sign in</ButtonLink>}
        >
          <p>What you see is what was on this device. Changes are kept and sent after you have signed in.</p>
        </Notice>
      ) : null}
      {status.storage === 'full' ? (
        <Notice tone="warning" role="alert" title="This device has no room left">
          <p>
            Leads are shown as they were when it ran full. Make room on the device, or close other sites; it goes on by
            itself then.
          </p>
        </Notice>
      ) : null}
      {schema.state === 'unverified' ? (
        <Notice role="status">
          <p>
            There is an update of this workspace that needs a connection once. Until then you see what is on this
            device, and what you change is kept and sent later.
          </p>
        </Notice>
      ) : null}
      {rebuilt && rebuilt.atMs !== readAtMs ? (
        <Notice
          role="status"
          actions={
            <Button size="small" variant="secondary" onClick={() => setReadAtMs(rebuilt.atMs)}>
              All right
            </Button>
          }
        >
          <p>
            {WHY_REBUILT[rebuilt.reason]} It was made anew from the server. What you had changed and not sent yet is
            still there.
          </p>
        </Notice>
      ) : null}
    </>
  )
}
