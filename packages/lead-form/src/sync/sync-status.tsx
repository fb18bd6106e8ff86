'use client'

import type { Locale } from '@landfall/contract'
import { useEffect, useRef, useState } from 'react'
import { useLetters } from '../letters/use-letters.ts'
import { messagesFor } from '../messages/messages.ts'
import { describeSync } from './describe-sync.ts'
import { LastSynced } from './last-synced.tsx'
import { useSync } from './use-sync.ts'

/** One line on how the device stands: online or offline, what waits, what is wrong, "send now", and the last success. */
export function SyncStatus({ locale }: { locale: Locale }) {
  const messages = messagesFor(locale)
  const { state, flush } = useSync()
  const shown = describeSync(state, locale, useLetters().length)
  const heard = useNews(shown.news)
  return (
    <div className="sync" data-state={shown.state}>
      <span className="sync-dot" aria-hidden="true" />
      <span className="sync-text">{shown.text}</span>
      {shown.canSend ? (
        <button className="sync-action" type="button" onClick={() => void flush({ urgency: 'now' })}>
          {messages.sync.sendNow}
        </button>
      ) : state.lastSyncedAtMs !== null ? (
        <LastSynced atMs={state.lastSyncedAtMs} locale={locale} />
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
