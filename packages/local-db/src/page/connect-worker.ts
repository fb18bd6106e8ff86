import type { ConnectMessage } from '../protocol/messages.ts'
import { LocalDbOpenError } from './errors.ts'

export interface WorkerConnection {
  /** Where PGliteWorker says hello. */
  handshake: MessagePort
  /** Rejects when a tab's own worker can't be loaded; never resolves. */
  failed: Promise<never>
  close(): void
}

/**
 * How long a SharedWorker may stay silent before it is asked for again. A connection to a worker that is just ending is
 * lost without an error; asking again starts a new one, or joins the one that is still loading.
 */
const ANSWER_WITHIN_MS = 3_000

/**
 * Connects to the tenant's worker: the one that all tabs share, or a worker of this tab where SharedWorker is missing.
 * Both get the same message; in the fallback PGlite's election lock lets one of the tabs' workers open the database.
 * Rejects when the shared worker's script can't be loaded.
 */
export async function connectWorker(url: string, name: string, message: ConnectMessage): Promise<WorkerConnection> {
  const options: WorkerOptions = { name, type: 'module' }
  const { port1: handshake, port2 } = new MessageChannel()
  handshake.start()
  if (typeof SharedWorker === 'undefined') {
    const worker = new Worker(url, options)
    worker.postMessage(message, [port2])
    const failed = failure(worker, url)
    // Heard only while opening; later there is nobody to reject to.
    failed.catch(() => {})
    return { handshake, failed, close: () => worker.terminate() }
  }
  const port = await connectShared(url, options)
  port.postMessage(message, [port2])
  return {
    handshake,
    failed: new Promise<never>(() => {}),
    // The worker itself ends with its last page.
    close: () => {
      handshake.close()
      port.close()
    },
  }
}

async function connectShared(url: string, options: WorkerOptions): Promise<MessagePort> {
  for (;;) {
    const worker = new SharedWorker(url, options)
    const answered = new Promise<true>((resolve) => {
      worker.port.onmessage = () => resolve(true)
    })
    worker.port.postMessage({ type: 'ping' })
    let timer: ReturnType<typeof setTimeout> | undefined
    const silent = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ANSWER_WITHIN_MS)
    })
    const isThere = await Promise.race([answered, silent, failure(worker, url)]).finally(() => clearTimeout(timer))
    if (isThere) return worker.port
    worker.port.close()
  }
}

/** Rejects when the script can't be loaded or run; never resolves. */
function failure(worker: EventTarget, url: string): Promise<never> {
  return new Promise((_, reject) => {
    worker.addEventListener('error', (event) => {
      const detail = event instanceof ErrorEvent && event.message ? ` (${event.message})` : ''
      reject(new LocalDbOpenError(`the worker ${url} did not start${detail}`))
    })
  })
}
