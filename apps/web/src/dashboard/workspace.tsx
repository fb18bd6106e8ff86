'use client'

import type { FormDefinition } from '@landfall/contract'
import { OutboxProvider } from '@landfall/lead-form'
import { LocalDbProvider } from '@landfall/local-db/react'
import { memberShapes } from '@landfall/shapes/client'
import { Logo } from '@landfall/ui'
import { type ComponentProps, useEffect, useMemo, useState } from 'react'
import { LiveSyncStatus } from '#/device/live-sync-status.tsx'
import type { LocalDbAssets } from '#/device/local-db-assets.ts'
import { ReconcileOutbox } from '#/device/reconcile-outbox.tsx'
import { ServiceWorkerRegistration } from '#/device/service-worker-registration.tsx'
import { LeadBoard } from './lead-board.tsx'
import { LostMembership } from './lost-membership.tsx'
import { SignOut } from './sign-out.tsx'

type LocalDbOptions = ComponentProps<typeof LocalDbProvider>['options']

const NO_FILES: readonly string[] = []

export interface WorkspaceProps {
  tenantId: string
  name: string
  /** Other workspaces of the person. */
  others: readonly { slug: string; name: string }[]
  userId: string
  userName: string
  forms: readonly FormDefinition[]
  localDb: LocalDbAssets | undefined
}

/** The dashboard of one tenant: everything on it is read from and written to this device first. */
export function Workspace({ tenantId, name, others, userId, userName, forms, localDb }: WorkspaceProps) {
  // A queue belongs to a person: what one left unsent on this device must not go out in the next one's name.
  const queue = useMemo(
    () =>
      ({
        queue: `${tenantId}.${userId}`,
        tenantId,
        kind: 'member',
        endpoint: `/api/workspaces/${tenantId}/sync/batch?user=${encodeURIComponent(userId)}`,
      }) as const,
    [tenantId, userId],
  )
  const [options, setOptions] = useState<LocalDbOptions>(null)
  const workerPath = localDb?.workerPath
  useEffect(() => {
    if (!workerPath) return
    const workerUrl = new URL(workerPath, location.origin).href
    setOptions({ tenantId, workerUrl, shapes: memberShapes(location.origin, tenantId) })
  }, [tenantId, workerPath])

  return (
    <OutboxProvider queue={queue}>
      <LocalDbProvider options={options}>
        <ReconcileOutbox />
        <LostMembership tenantId={tenantId} userId={userId} />
        <div className="dash">
          <header className="dash-bar">
            <a className="dash-brand" href="/">
              <Logo />
            </a>
            <span className="dash-tenant" dir="auto">
              {name}
            </span>
            {others.map((other) => (
              <a key={other.slug} href={`/w/${other.slug}`} dir="auto">
                {other.name}
              </a>
            ))}
            <LiveSyncStatus shape="leads" locale="en" />
            <span className="dash-user">
              <span dir="auto">{userName}</span>
              <SignOut userId={userId} />
            </span>
          </header>
          <main className="dash-main">
            <LeadBoard forms={forms} />
          </main>
        </div>
        <ServiceWorkerRegistration locale="en" warm={localDb?.paths ?? NO_FILES} />
      </LocalDbProvider>
    </OutboxProvider>
  )
}
