'use client'

import { useLocalDb } from '@landfall/local-db/react'

/** What to say while the workspace comes to this device for the first time; undefined when it is here. */
export function useFirstSync(): string | undefined {
  const { status } = useLocalDb()
  const leads = status?.phase === 'ready' ? status.progress.leads : undefined
  return leads && `${leads.rows.toLocaleString('en')} ${leads.rows === 1 ? 'lead' : 'leads'} so far…`
}
