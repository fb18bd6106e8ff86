'use client'

import type { FollowedShape, Locale } from '@landfall/contract'
import { type LiveUpdates, SyncStatus } from '@landfall/lead-form'
import { useLocalDb } from '@landfall/local-db/react'

/** The sync status of a page that shows a shape: what this device sends, and what it hears. */
export function LiveSyncStatus({ shape, locale }: { shape: FollowedShape; locale: Locale }) {
  return <SyncStatus locale={locale} live={useLiveUpdates(shape)} />
}

/** Undefined until the local database is open and follows the shape. */
function useLiveUpdates(shape: FollowedShape): LiveUpdates | undefined {
  const { status: database } = useLocalDb()
  if (database?.phase !== 'ready') return undefined
  const status = database.sync[shape]
  return status && { status, syncedAtMs: database.syncedAtMs[shape] ?? null }
}
