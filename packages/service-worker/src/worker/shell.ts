/// <reference lib="webworker" />
import { CACHES, OFFLINE_PAGE } from './cache-names.ts'

declare const self: ServiceWorkerGlobalScope

/** Pages of a tenant's site that open offline even if they were never visited. */
const SITE_SHELL = ['/', '/enquiries', OFFLINE_PAGE]

/**
 * Brings the shell in while the service worker is installed. A page that fails is left out: the site works without, and
 * a visit brings it in.
 */
export function keepShell(): void {
  self.addEventListener('install', (event) => {
    event.waitUntil(
      (async () => {
        const cache = await caches.open(CACHES.pages)
        await Promise.allSettled(SITE_SHELL.map((path) => keepPage(cache, path)))
      })(),
    )
  })
}

async function keepPage(cache: Cache, path: string): Promise<void> {
  // Not from the HTTP cache: the shell belongs to the build that is being installed.
  const response = await fetch(path, { cache: 'reload', credentials: 'same-origin' })
  if (response.status === 200 && !response.redirected) await cache.put(new URL(path, location.origin).href, response)
}
