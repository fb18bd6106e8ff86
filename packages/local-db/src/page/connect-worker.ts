import type { ConnectMessage } from '../protocol/messages.ts'
import { LocalDbOpenError } from './errors.ts'

export interface WorkerConnection {
  /** Where PGliteWorker says hello. */
  handshake: MessagePort
  /** Rejects when the worker's script can't be loaded; never resolves. */
  failed: Promise<never>
  close(): void
}

/**
 * Connects to the tenant's worker: the one that all tabs share, or a worker of this tab where SharedWorker is missing.
 * Both get the same message; in the fallback PGlite's election lock lets one of the tabs' workers open the database.
 */
export function connectWorker(url: string, name: string, message: ConnectMessage): WorkerConnection {
  const { port1: handshake, port2 } = new MessageChannel()
  const options: WorkerOptions = { name, type: 'module' }
  let source: EventTarget
  let close: () => void
  if (typeof SharedWorker === 'undefined') {
    const worker = new Worker(url, options)
    worker.postMessage(message, [port2])
    source = worker
    close = () => worker.terminate()
  } else {
    const worker = new SharedWorker(url, options)
    worker.port.postMessage(message, [port2])
    source = worker
    // The worker itself ends with its last page.
    close = () => worker.port.close()
  }
  handshake.start()
  const failed = new Promise<never>((_, reject) => {
    source.addEventListener('error', (event) => {
      const detail = event instanceof ErrorEvent && event.message ? ` (${event.message})` : ''
      reject(new LocalDbOpenError(`the worker ${url} did not start${detail}`))
    })
  })
  // Heard only while opening; later there is nobody to reject to.
  failed.catch(() => {})
  return {
    handshake,
    failed,
    close: () => {
      handshake.close()
      close()
    },
  }
}
