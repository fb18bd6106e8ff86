import type { PGlite } from '@electric-sql/pglite'
import { worker } from '@electric-sql/pglite/worker'
import { AbandonedLocks } from './abandoned-locks.ts'

/**
 * Runs PGlite's worker side once for all pages. It was written for a dedicated worker with one page, which it greets
 * through the global scope; here that page is made up. The real ones greet themselves (`TabConnections`), since all that
 * they need to know is the id.
 *
 * `open` is called when the election lock is ours: at once in the SharedWorker, after the other tabs' workers are gone in
 * the fallback or after a deploy.
 */
export function servePages(lockId: string, open: () => Promise<PGlite>): Promise<void> {
  const scope = globalThis as unknown as EventTarget & { postMessage: (message: unknown) => void }
  scope.postMessage = () => {}
  const locks = new AbandonedLocks()
  locks.watchChannels(globalThis)
  const serving = worker({
    init: async () => {
      const pg = await open()
      locks.watch(pg)
      return pg
    },
  })
  scope.dispatchEvent(new MessageEvent('message', { data: { type: 'init', options: { id: lockId } } }))
  return serving
}
