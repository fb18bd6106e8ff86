'use client'

import { useEffect } from 'react'
import { forgetOtherWorkspaces } from './leave-device.ts'

/** What a person may no longer see goes from the device at the next look at the dashboard. */
export function ForgetOtherWorkspaces({ userId, tenantIds }: { userId: string; tenantIds: readonly string[] }) {
  const allowed = tenantIds.join(' ')
  useEffect(() => {
    // What cannot be removed now, because another tab has it open, is tried again at the next look.
    forgetOtherWorkspaces(userId, allowed.split(' ')).catch(() => {})
  }, [userId, allowed])
  return null
}
