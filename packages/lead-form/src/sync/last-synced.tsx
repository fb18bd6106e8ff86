'use client'

import type { Locale } from '@landfall/contract'
import { useEffect, useState } from 'react'
import { messagesFor } from '../messages/messages.ts'
import { timeAgo } from './readers-time.ts'

const TICK_MS = 30_000

/** When the server last answered for something, kept up to date; the exact time is its title. */
export function LastSynced({ atMs, locale }: { atMs: number; locale: Locale }) {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  const at = new Date(atMs)
  return (
    <time className="sync-last" dateTime={at.toISOString()} title={at.toLocaleString(locale)}>
      {messagesFor(locale).sync.lastSynced(timeAgo(atMs, nowMs, locale))}
    </time>
  )
}
