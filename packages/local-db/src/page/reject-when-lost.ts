import type { PGliteOfTab } from './local-db.ts'

/** The worker that had the call is gone, and nobody knows whether it still did it. PGliteWorker's own words for it. */
export class ConnectionEndedError extends Error {
  override name = 'ConnectionEndedError'
  constructor() {
    super('Leader changed, pending operation in indeterminate state')
  }
}

const endings = new WeakSet<Error>()

/**
 * PGlite's live queries send statements that nobody awaits, also while their component goes. That one of those was lost is no
 * error of the page; whoever does await hears of it all the same.
 */
function quietUnheard(ending: Error): void {
  if (typeof addEventListener === 'undefined') return
  if (!isListening) {
    isListening = true
    addEventListener('unhandledrejection', (event) => {
      if (event.reason instanceof Error && endings.has(event.reason)) event.preventDefault()
    })
  }
  endings.add(ending)
}
let isListening = false

const CALLS = [
  'execProtocolRaw',
  'execProtocol',
  'execProtocolStream',
  'syncToFs',
  'dumpDataDir',
  '_runExclusiveQuery',
  '_runExclusiveTransaction',
] as const

/**
 * Lets calls that wait for an answer reject when the connection is lost, and keeps later ones from being sent at all.
 * PGliteWorker by itself waits until another worker says that it leads, for ever where none does, and then goes on: the
 * COMMIT of a transaction of the worker that died would end another tab's on the new one.
 *
 * @returns loses it
 */
export function rejectWhenLost(pg: PGliteOfTab): () => void {
  const lost = Promise.withResolvers<never>()
  let isLost = false
  // Where no call waits, nobody need hear of it.
  lost.promise.catch(() => {})
  for (const name of CALLS) {
    const call = pg[name].bind(pg) as (...args: unknown[]) => Promise<unknown>
    const guarded = (...args: unknown[]) => (isLost ? lost.promise : Promise.race([call(...args), lost.promise]))
    Object.assign(pg, { [name]: guarded })
  }
  return () => {
    isLost = true
    const ending = new ConnectionEndedError()
    quietUnheard(ending)
    lost.reject(ending)
  }
}
