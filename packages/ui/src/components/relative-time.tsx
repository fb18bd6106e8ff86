'use client'

import { useEffect, useState } from 'react'
import { readersLocale } from '../readers-locale.ts'
import { relativeTime } from '../relative-time.ts'

const TICK_MS = 30_000

export interface RelativeTimeProps {
  /** ISO 8601. */
  value: string
  locale: string
}

/** Keeps itself up to date; the exact time is its title. */
export function RelativeTime({ value, locale }: RelativeTimeProps) {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])

  const date = new Date(value)
  if (Number.isNaN(date.getTime())) return <span>–</span>
  const exact = new Intl.DateTimeFormat(readersLocale(locale), { dateStyle: 'full', timeStyle: 'medium' }).format(date)
  return (
    <time dateTime={date.toISOString()} title={exact} suppressHydrationWarning>
      {relativeTime(date.getTime(), nowMs, locale)}
    </time>
  )
}
