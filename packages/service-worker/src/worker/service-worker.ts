/// <reference lib="webworker" />
import { clientsClaim } from 'workbox-core'
import { cleanupOutdatedCaches, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching'
import { drainOnActivation, drainOnSync } from './drain-on-sync.ts'
import { routeRequests } from './routes.ts'
import { keepShell } from './shell.ts'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] }

// The app's own scripts and styles, by content hash; the list is put in by the build.
precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
routeRequests()
keepShell()
drainOnSync()
drainOnActivation()
clientsClaim()

self.addEventListener('message', (event) => {
  // A new version waits until a person agrees, so that no page is changed under somebody who types.
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting()
})
