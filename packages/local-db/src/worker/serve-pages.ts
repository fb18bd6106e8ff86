import type { PGlite } from '@electric-sql/pglite'
import { worker } from '@electric-sql/pglite/worker'

/** Answers the handshake of one page's PGliteWorker. Everything after it goes over broadcast channels. */
export function answerHandshake(port: MessagePort, lockId: string): void {
  port.onmessage = ({ data }: MessageEvent<{ type: string }>) => {
    if (data.type === 'init') port.postMessage({ type: 'ready', id: lockId })
  }
  port.postMessage({ type: 'here' })
}

/**
 * Runs PGlite's worker side once for all pages. It was written for a dedicated worker with one page, which it greets
 * through the global scope; here that page is made up, and the real ones are answered by `answerHandshake`.
 *
 * `open` is called when the election lock is ours: at once in the SharedWorker, after the other tabs' workers are gone in
 * the fallback or after a deploy.
 */
export function servePages(lockId: string, open: () => Promise<PGlite>): Promise<void> {
  const scope = globalThis as unknown as EventTarget & { postMessage: (message: unknown) => void }
  scope.postMessage = () => {}
  const serving = worker({ init: open })
  scope.dispatchEvent(new MessageEvent('message', { data: { type: 'init', options: { id: lockId } } }))
  return serving
}
