'use client'

import type { Locale } from '@landfall/contract'
import type { Outbox, OutboxExport } from '@landfall/outbox'
import { useState } from 'react'
import { messagesFor } from '../messages/messages.ts'
import { useOutbox } from '../sync/outbox-provider.tsx'

/** Gives a person everything that could not be delivered as a file, so that it is theirs whatever becomes of the device. */
export function DownloadCopy({ locale }: { locale: Locale }) {
  const messages = messagesFor(locale).letters
  const outbox = useOutbox()
  const [hasFailed, setHasFailed] = useState(false)
  if (!outbox) return null
  return (
    <>
      <button
        className="ui-button"
        data-variant="secondary"
        data-size="small"
        type="button"
        onClick={() => {
          setHasFailed(false)
          downloadCopy(outbox).catch(() => setHasFailed(true))
        }}
      >
        {messages.download}
      </button>
      {hasFailed ? <span role="alert">{messages.downloadFailed}</span> : null}
    </>
  )
}

async function downloadCopy(outbox: Pick<Outbox, 'exportUndeliverable'>): Promise<void> {
  const copy = await outbox.exportUndeliverable()
  const url = URL.createObjectURL(new Blob([JSON.stringify(copy, null, 2)], { type: 'application/json' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: fileNameOf(copy) })
  link.click()
  // Long enough for a browser that asks where to put it.
  setTimeout(() => URL.revokeObjectURL(url), REVOKED_AFTER_MS)
}

const REVOKED_AFTER_MS = 60_000

export function fileNameOf({ exportedAt }: Pick<OutboxExport, 'exportedAt'>): string {
  return `undelivered-${exportedAt.slice(0, 19).replaceAll(':', '-')}.json`
}
