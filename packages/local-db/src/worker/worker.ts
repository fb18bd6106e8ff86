import type { ConnectMessage } from '../protocol/messages.ts'
import { DatabaseHost } from './database-host.ts'
import type { WorkerAssets } from './worker-assets.ts'

declare const __LANDFALL_ASSETS__: WorkerAssets

/** The parts of both kinds of worker scope that differ; TypeScript can't be told that a file runs in either. */
const scope = globalThis as unknown as {
  SharedWorkerGlobalScope?: unknown
  close(): void
  addEventListener(type: string, listener: (event: MessageEvent) => void): void
}

let host: DatabaseHost | undefined

function accept({ data, ports }: MessageEvent<ConnectMessage>): void {
  // In the dedicated worker PGlite's own messages pass here as well.
  const [port] = ports
  if (data?.type !== 'connect' || !port) return
  host ??= new DatabaseHost({
    tenantId: data.tenantId,
    assets: __LANDFALL_ASSETS__,
    baseUrl: import.meta.url,
    closeWorker: () => scope.close(),
  })
  host.configure(data.shapes)
  host.attach(port)
}

if (scope.SharedWorkerGlobalScope) {
  scope.addEventListener('connect', ({ ports: [port] }) => {
    if (!port) return
    port.onmessage = (event) => {
      // A page asks first whether anybody is there: a worker that is ending takes connections and says nothing.
      if (event.data?.type === 'ping') port.postMessage({ type: 'pong' })
      else accept(event)
    }
  })
} else {
  scope.addEventListener('message', accept)
}
