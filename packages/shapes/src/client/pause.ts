/** A wait that may be cut short. */
export interface Pause {
  done: Promise<void>
  /** Ends it now, or as soon as the least time has passed. */
  wake: () => void
}

/**
 * @param leastMs what nobody may cut short: the server asked for it
 * @param signal ends it at once; `done` rejects with its reason
 */
export function pause(delayMs: number, leastMs: number, signal: AbortSignal): Pause {
  const startedAtMs = Date.now()
  let wake = () => {}
  const done = new Promise<void>((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const finish = () => {
      signal.removeEventListener('abort', leave)
      resolve()
    }
    let timer = setTimeout(finish, Math.max(delayMs, leastMs))
    wake = () => {
      clearTimeout(timer)
      timer = setTimeout(finish, Math.max(0, leastMs - (Date.now() - startedAtMs)))
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
  return { done, wake: () => wake() }
}
