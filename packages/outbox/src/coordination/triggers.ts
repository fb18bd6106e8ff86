export interface TriggerTarget {
  /** Things may have changed: try again. */
  drain(): void
  /** The page is being hidden, perhaps for good. */
  lastChance(): void
  /** The browser believes to be online, or offline, since now. */
  connectivityChanged(): void
}

/** Everything in a page that may mean "now is a good time" (D2), except a new entry and the backoff timer. */
export function listenForTriggers(target: TriggerTarget): () => void {
  const abort = new AbortController()
  const { signal } = abort
  addEventListener('online', () => target.drain(), { signal })
  addEventListener('online', () => target.connectivityChanged(), { signal })
  addEventListener('offline', () => target.connectivityChanged(), { signal })
  addEventListener('pageshow', () => target.drain(), { signal })
  document.addEventListener(
    'visibilitychange',
    () => (document.visibilityState === 'visible' ? target.drain() : target.lastChance()),
    { signal },
  )
  return () => abort.abort()
}
