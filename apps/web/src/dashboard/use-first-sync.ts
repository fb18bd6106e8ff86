'use client'

import { useLocalDb } from '@landfall/local-db/react'

/** What to say while the workspace comes to this device for the first time; undefined when it is here. */
export function useFirstSync(): string | undefined {
  const { status } = useLocalDb()
  const leads = status?.phase === 'ready' ? status.progress.leads : undefined
  return leads && `${leads.rows.toLocaleString('en')} ${leads.rows === 1 ? 'lead' : 'leads'} so far…`
}

/** Whether this device has had all leads since it was opened; offline it must do with what it has. */
export function useIsHere(): boolean {
  const { status } = useLocalDb()
  if (status?.phase !== 'ready') return false
  const { sync, syncedAtMs } = status
  return sync.leads === 'up-to-date' || sync.leads === 'offline' || syncedAtMs.leads !== undefined
}
