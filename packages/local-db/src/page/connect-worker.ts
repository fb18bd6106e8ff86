import type { AliveMessage, ConnectMessage, GreetingMessage } from '../protocol/messages.ts'
import { LocalDbOpenError } from './errors.ts'

export interface WorkerConnection {
  /** Web Lock that the worker holds for as long as it lives. */
  aliveLock: string
  close(): void
}

/**
 * How long a SharedWorker may stay silent before it is asked for again. A connection to a worker that is just ending is
 * lost without an error; asking again starts a new one, or joins the one that is still loading.
 */
const ANSWER_WITHIN_MS = 3_000

/**
 * Connects to the owner's worker: the one that all tabs share, or a worker of this tab where SharedWorker is missing.
 * Both get the same message; in the fallback PGlite's election lock lets one of the tabs' workers open the database.
 * Resolves when the worker has answered, whoever leads.
 *
 * @throws LocalDbOpenError when its script can't be loaded
 */
export async function connectWorker(url: string, name: string, message: ConnectMessage): Promise<WorkerConnection> {
  const options: WorkerOptions = { name, type: 'module' }
  if (typeof SharedWorker === 'undefined') {
    const worker = new Worker(url, options)
    worker.postMessage(message satisfies GreetingMessage)
    const aliveLock = await Promise.race([aliveAnswer(worker), failure(worker, url)])
    return { aliveLock, close: () => worker.terminate() }
  }
  const { port, aliveLock } = await connectShared(url, options)
  port.postMessage(message satisfies GreetingMessage)
  // The worker itself ends with its last page.
  return { aliveLock, close: () => port.close() }
}

async function connectShared(url: string, options: WorkerOptions): Promise<{ port: MessagePort; aliveLock: string }> {
  for (;;) {
    const worker = new SharedWorker(url, options)
    const { port } = worker
    const answered = aliveAnswer(port)
    port.start()
    port.postMessage({ type: 'ping' } satisfies GreetingMessage)
    let timer: ReturnType<typeof setTimeout> | undefined
    const silent = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), ANSWER_WITHIN_MS)
    })
    const aliveLock = await Promise.race([answered, silent, failure(worker, url)]).finally(() => clearTimeout(timer))
    if (aliveLock !== null) return { port, aliveLock }
    port.close()
  }
}

function aliveAnswer(source: MessagePort | Worker): Promise<string> {
  return new Promise((resolve) => {
    const listener = (event: Event) => {
      const { data } = event as MessageEvent<Partial<AliveMessage>>
      if (data?.type !== 'alive' || data.lock === undefined) return
      source.removeEventListener('message', listener)
      resolve(data.lock)
    }
    source.addEventListener('message', listener)
  })
}

/** Rejects when the script can't be loaded or run; never resolves. */
function failure(worker: EventTarget, url: string): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      const detail = event instanceof ErrorEvent && event.message ? ` (${event.message})` : ''
      reject(new LocalDbOpenError(`the worker ${url} did not start${detail}`))
    })
  })
  // Heard only while opening; later there is nobody to reject to.
  failed.catch(() => {})
  return failed
}
