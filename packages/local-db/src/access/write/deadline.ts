/** Ends a wait: with `TimeoutError` after a time, or with the reason of the caller's own signal. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Rejects with the signal's reason when the wait ends, and never resolves. */
  readonly reached: Promise<never>
  clear(): void
}

export function startDeadline(timeoutMs: number, given?: AbortSignal): Deadline {
  const timeout = new AbortController()
  const timer = setTimeout(
    () => timeout.abort(new DOMException(`no answer in ${timeoutMs} ms`, 'TimeoutError')),
    timeoutMs,
  )
  const signal = given ? AbortSignal.any([given, timeout.signal]) : timeout.signal
  const reached = Promise.withResolvers<never>()
  // Whoever waits for something else first never looks at it.
  reached.promise.catch(() => {})
  const end = () => reached.reject(signal.reason)
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  return {
    signal,
    reached: reached.promise,
    clear() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    },
  }
}
