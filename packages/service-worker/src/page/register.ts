import { Workbox } from 'workbox-window'
import { CACHES, OFFLINE_PAGE } from '../worker/cache-names.ts'
import { takeOver } from './take-over.ts'

export interface RegisterOptions {
  /** A new version is ready and waits; call `update` when a person agrees. */
  onUpdateReady?: (update: () => void) => void
  /** Files to keep when the browser is idle, unless the person saves data. */
  warmWhenIdle?: readonly string[]
}

interface NetworkInformation {
  saveData?: boolean
}

/**
 * Registers the origin's service worker. Before it controls the page, what the page has loaded goes into its caches, so
 * that a page seen once opens offline.
 *
 * @returns whether this browser has service workers
 */
export async function registerServiceWorker(options: RegisterOptions = {}): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false
  const workbox = new Workbox('/sw.js')
  workbox.addEventListener('waiting', () => options.onUpdateReady?.(() => void takeOver()))
  await workbox.register()
  const worker = (await navigator.serviceWorker.ready).active
  worker?.postMessage({ type: 'CACHE_URLS', payload: { urlsToCache: loadedByThisPage() } })
  if (options.warmWhenIdle?.length && !savesData()) {
    whenIdle(() => {
      worker?.postMessage({ type: 'CACHE_URLS', payload: { urlsToCache: options.warmWhenIdle } })
    })
  }
  return true
}

/** Removes the kept pages of who was signed in. The one that stands in for all others is nobody's, and stays. */
export async function forgetPages(): Promise<void> {
  if (!('caches' in globalThis)) return
  const cache = await caches.open(CACHES.pages)
  const standIn = new URL(OFFLINE_PAGE, location.origin).href
  const pages = (await cache.keys()).filter(({ url }) => url !== standIn)
  await Promise.all(pages.map((page) => cache.delete(page)))
}

function loadedByThisPage(): string[] {
  const entries = performance.getEntriesByType('resource').map((entry) => entry.name)
  return entries.filter((url) => url.startsWith(`${location.origin}/_next/static/`))
}

function savesData(): boolean {
  return (navigator as Navigator & { connection?: NetworkInformation }).connection?.saveData === true
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 10_000 })
  else setTimeout(work, 3_000)
}
