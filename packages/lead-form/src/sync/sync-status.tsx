'use client'

import type { Locale } from '@landfall/contract'
import { useEffect, useRef, useState } from 'react'
import { useLetters } from '../letters/use-letters.ts'
import { messagesFor } from '../messages/messages.ts'
import { describeSync } from './describe-sync.ts'
import { LastSynced } from './last-synced.tsx'
import { type LiveUpdates, lastSyncedMs, useSettledStatus } from './live-updates.ts'
import { useSync } from './use-sync.ts'

/**
 * One line on how the device stands: online or offline, what waits, what is wrong, "send now", and the last success.
 * `live` is how the news from the server stand, on a page that follows them.
 */
export function SyncStatus({ locale, live }: { locale: Locale; live?: LiveUpdates | undefined }) {
  const messages = messagesFor(locale)
  const { state, flush } = useSync()
  const shown = describeSync(state, locale, useLetters().length, useSettledStatus(live))
  const lastMs = lastSyncedMs(state.lastSyncedAtMs, live)
  const heard = useNews(shown.news)
  return (
    <div className="sync" data-state={shown.state}>
      <span className="sync-dot" aria-hidden="true" />
      <span className="sync-text">{shown.text}</span>
      {shown.canSend ? (
        <button className="sync-action" type="button" onClick={() => void flush({ urgency: 'now' })}>
          {messages.sync.sendNow}
        </button>
      ) : lastMs !== null ? (
        <LastSynced atMs={lastMs} locale={locale} />
      ) : null}
      <span className="ui-hidden" role="status">
        {heard}
      </span>
    </div>
  )
}

/** The last news that differs from the one before. How things stood when the page opened is not news. */
function useNews(news: string | null): string {
  const last = useRef<string>(undefined)
  const [heard, setHeard] = useState('')
  useEffect(() => {
    if (news === null || news === last.current) return
    if (last.current !== undefined) setHeard(news)
    last.current = news
  }, [news])
  return heard
}
