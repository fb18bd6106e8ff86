'use client'

import type { Locale } from '@landfall/contract'
import { OutboxProvider } from '@landfall/lead-form'
import { type ReactNode, useMemo } from 'react'
import type { LocalDbAssets } from '#/device/local-db-assets.ts'
import { ServiceWorkerRegistration } from '#/device/service-worker-registration.tsx'
import { ReceiptsProvider } from './enquiries/receipts-provider.tsx'

const NO_FILES: readonly string[] = []

export interface SiteRuntimeProps {
  tenantId: string
  locale: Locale
  localDb: LocalDbAssets | undefined
  children: ReactNode
}

/** What a tenant's page does once it runs: the outbox delivers, receipts arrive, the page learns to open offline. */
export function SiteRuntime({ tenantId, locale, localDb, children }: SiteRuntimeProps) {
  const queue = useMemo(
    () => ({ queue: tenantId, tenantId, kind: 'visitor', endpoint: '/api/sync/batch' }) as const,
    [tenantId],
  )
  return (
    <OutboxProvider queue={queue}>
      <ReceiptsProvider workerPath={localDb?.workerPath}>
        {children}
        <ServiceWorkerRegistration locale={locale} warm={localDb?.paths ?? NO_FILES} />
      </ReceiptsProvider>
    </OutboxProvider>
  )
}
