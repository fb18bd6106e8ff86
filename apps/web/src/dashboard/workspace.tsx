'use client'

import { OutboxProvider } from '@landfall/lead-form'
import { Logo } from '@landfall/ui'
import { useMemo } from 'react'
import { LiveSyncStatus } from '#/device/live-sync-status.tsx'
import type { LocalDbAssets } from '#/device/local-db-assets.ts'
import { ServiceWorkerRegistration } from '#/device/service-worker-registration.tsx'
import { DeviceStorageButton } from './device-storage.tsx'
import { LeadBoard } from './lead-board.tsx'
import { LostMembership } from './lost-membership.tsx'
import { SignOut } from './sign-out.tsx'
import { UserContext } from './use-team.ts'
import { WorkspaceDatabase } from './workspace-database.tsx'

const NO_FILES: readonly string[] = []

export interface WorkspaceProps {
  tenantId: string
  name: string
  /** Other workspaces of the person. */
  others: readonly { slug: string; name: string }[]
  userId: string
  userName: string
  localDb: LocalDbAssets | undefined
}

/** The dashboard of one tenant: everything on it is read from and written to this device first. */
export function Workspace({ tenantId, name, others, userId, userName, localDb }: WorkspaceProps) {
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
  return (
    <OutboxProvider queue={queue}>
      <WorkspaceDatabase tenantId={tenantId} workerPath={localDb?.workerPath}>
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
            <DeviceStorageButton tenantId={tenantId} name={name} userId={userId} />
            <span className="dash-user">
              <span dir="auto">{userName}</span>
              <SignOut userId={userId} />
            </span>
          </header>
          <main className="dash-main">
            <UserContext value={userId}>
              <LeadBoard />
            </UserContext>
          </main>
        </div>
        <ServiceWorkerRegistration locale="en" warm={localDb?.paths ?? NO_FILES} />
      </WorkspaceDatabase>
    </OutboxProvider>
  )
}
