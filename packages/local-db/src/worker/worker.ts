import type { AliveMessage, GreetingMessage } from '../protocol/messages.ts'
import { DatabaseHost } from './database-host.ts'
import { holdAliveLock } from './hold-alive-lock.ts'
import type { WorkerAssets } from './worker-assets.ts'

declare const __LANDFALL_ASSETS__: WorkerAssets

/** The parts of both kinds of worker scope that differ; TypeScript can't be told that a file runs in either. */
const scope = globalThis as unknown as {
  SharedWorkerGlobalScope?: unknown
  close(): void
  postMessage?: (message: unknown) => void
  addEventListener(type: string, listener: (event: MessageEvent) => void): void
}

// Taken before PGlite's worker side is started, which is given another.
const postToTab = scope.postMessage?.bind(scope)
const alive = holdAliveLock()
let host: DatabaseHost | undefined

function receive(message: GreetingMessage | undefined, answer: (message: AliveMessage) => void): void {
  // In the dedicated worker PGlite's own messages pass here as well.
  if (message?.type === 'connect') {
    host ??= new DatabaseHost({
      owner: message.owner,
      assets: __LANDFALL_ASSETS__,
      baseUrl: import.meta.url,
      openWithinMs: message.openWithinMs,
      closeWorker: () => scope.close(),
    })
    host.configure(message.shapes)
    host.greet()
  }
  // A page asks first whether anybody is there: a worker that is ending takes connections and says nothing.
  if (message?.type === 'connect' || message?.type === 'ping')
    void alive.then((lock) => answer({ type: 'alive', lock }))
}

if (scope.SharedWorkerGlobalScope) {
  scope.addEventListener('connect', ({ ports: [port] }) => {
    if (port) port.onmessage = ({ data }) => receive(data, (message) => port.postMessage(message))
  })
} else {
  scope.addEventListener('message', ({ data }) => receive(data, (message) => postToTab?.(message)))
}
