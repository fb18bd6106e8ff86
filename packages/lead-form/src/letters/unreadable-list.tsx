'use client'

import type { Locale } from '@landfall/contract'
import type { QuarantinedRecord } from '@landfall/outbox'
import { messagesFor } from '../messages/messages.ts'
import { useOutbox } from '../sync/outbox-provider.tsx'
import { useAttempt } from './use-attempt.ts'
import { useQuarantine } from './use-quarantine.ts'

/** Records of this device that cannot be read: kept until a person lets them go. */
export function UnreadableList({ locale }: { locale: Locale }) {
  const records = useQuarantine()
  if (records.length === 0) return null
  return (
    <ul className="letters">
      {records.map((record) => (
        <Unreadable key={record.id} record={record} locale={locale} />
      ))}
    </ul>
  )
}

function Unreadable({ record, locale }: { record: QuarantinedRecord; locale: Locale }) {
  const outbox = useOutbox()
  const { letters } = messagesFor(locale)
  const { attempt, problem } = useAttempt(locale)
  const at = new Date(record.atMs)
  return (
    <li className="letter" data-unreadable={record.reason}>
      <p className="letter-title">
        {letters.unreadable[record.store]}{' '}
        <time dateTime={at.toISOString()}>
          {new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at)}
        </time>
      </p>
      <p>{letters.unreadableReasons[record.reason]}</p>
      <p className="letter-actions">
        <button
          className="ui-button"
          data-variant="quiet"
          data-size="small"
          type="button"
          onClick={() => {
            if (confirm(letters.discardUnreadableQuestion)) attempt(() => outbox?.discardQuarantined(record.id))
          }}
        >
          {letters.discard}
        </button>
      </p>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </li>
  )
}
