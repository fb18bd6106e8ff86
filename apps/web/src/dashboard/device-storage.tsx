'use client'

import { useOutbox } from '@landfall/lead-form'
import type { DeviceStorage } from '@landfall/local-db'
import { useLocalDb } from '@landfall/local-db/react'
import { Button } from '@landfall/ui'
import { useId, useRef, useState } from 'react'
import { bytes } from './bytes.ts'
import { leaveDevice } from './leave-device.ts'
import { sendOrCount } from './send-or-count.ts'

export interface DeviceStorageProps {
  tenantId: string
  /** Name of the workspace. */
  name: string
  userId: string
}

/** What this workspace keeps on the device, what may become of it, and how it goes. */
export function DeviceStorageButton({ tenantId, name, userId }: DeviceStorageProps) {
  const { db } = useLocalDb()
  const outbox = useOutbox()
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const [storage, setStorage] = useState<DeviceStorage>()
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  const open = () => {
    setProblem(undefined)
    dialog.current?.showModal()
    db?.storage().then(setStorage, () => setStorage(undefined))
  }
  const remove = async () => {
    setIsBusy(true)
    const unsent = await sendOrCount(userId, outbox?.queue, tenantId)
    const question =
      unsent === 0
        ? `Remove everything of ${name} from this device? It is all on the server, and comes back when you open the workspace here again.`
        : `${unsent} of your changes did not reach the server and will be lost. Remove everything of ${name} all the same?`
    if (!confirm(question)) return setIsBusy(false)
    const left = await leaveDevice({ userId, tenantId, goTo: '/removed', outbox, db })
    if (left.length === 0) return location.assign('/removed')
    setIsBusy(false)
    setProblem(`Not everything could be removed. ${left.join(' ')}`)
  }

  return (
    <>
      <Button className="dash-device" size="small" variant="quiet" aria-haspopup="dialog" onClick={open}>
        On this device
      </Button>
      <dialog ref={dialog} className="device" aria-labelledby={heading}>
        <h2 id={heading}>
          <bdi>{name}</bdi> on this device
        </h2>
        <dl className="device-facts">
          <dt>Leads, notes and what they need</dt>
          <dd>{bytes(storage?.databaseBytes)}</dd>
          <dt>Everything of this site</dt>
          <dd>
            {bytes(storage?.usageBytes)}
            {storage?.quotaBytes ? ` of ${bytes(storage.quotaBytes)} that the browser allows` : null}
          </dd>
          <dt>Kept when space runs short</dt>
          <dd>{storage === undefined ? '–' : storage.evictable ? 'Perhaps not' : 'Yes'}</dd>
        </dl>
        <p>{storage ? whatMayGo(storage) : null}</p>
        {problem ? (
          <p className="lf-error" role="alert">
            {problem}
          </p>
        ) : null}
        <div className="device-actions">
          <Button size="small" variant="secondary" onClick={() => dialog.current?.close()}>
            Close
          </Button>
          <Button size="small" variant="danger" disabled={isBusy} onClick={() => void remove()}>
            {isBusy ? 'Removing…' : 'Remove from this device'}
          </Button>
        </div>
      </dialog>
    </>
  )
}

function whatMayGo({ evictable }: DeviceStorage): string {
  if (!evictable) return 'The browser has promised not to clear this by itself.'
  const { unsentOperations } = evictable
  const rule =
    'A browser that runs out of space may clear what this site keeps. Leads and notes come back from the server'
  if (unsentOperations === 0) return `${rule}, and nothing waits to be sent.`
  const waiting = unsentOperations === null ? 'what was not sent yet' : `${unsentOperations} that were not sent yet`
  return `${rule}; changes would not: ${waiting}.`
}
