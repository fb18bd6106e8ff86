'use client'

import type { Locale } from '@landfall/contract'
import { registerServiceWorker } from '@landfall/service-worker/register'
import { Button, Notice } from '@landfall/ui'
import { useEffect, useState } from 'react'

const WORDS: Record<Locale, { ready: string; reload: string; reloading: string }> = {
  en: {
    ready: 'A new version of this site is ready. What you sent stays safe.',
    reload: 'Reload',
    reloading: 'Reloading…',
  },
  ar: {
    ready: 'تتوفر نسخة جديدة من هذا الموقع. ما أرسلته محفوظ.',
    reload: 'إعادة التحميل',
    reloading: 'جارٍ إعادة التحميل…',
  },
}

/** Registers the service worker, and offers its next version without forcing it on anybody. */
export function ServiceWorkerRegistration({ locale, warm }: { locale: Locale; warm: readonly string[] }) {
  const [update, setUpdate] = useState<() => void>()
  const [isUpdating, setUpdating] = useState(false)
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production') return
    registerServiceWorker({ onUpdateReady: (apply) => setUpdate(() => apply), warmWhenIdle: warm }).catch(() => {
      // A browser that refuses has no offline pages; forms and their outbox work without.
    })
  }, [warm])
  if (!update) return null
  return (
    <Notice
      className="update-notice"
      role="status"
      actions={
        <Button
          size="small"
          disabled={isUpdating}
          onClick={() => {
            setUpdating(true)
            update()
          }}
        >
          {isUpdating ? WORDS[locale].reloading : WORDS[locale].reload}
        </Button>
      }
    >
      {WORDS[locale].ready}
    </Notice>
  )
}
