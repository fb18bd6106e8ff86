/**
 * Tells whether this page has a network: at once when it has none, at every change, and whenever a person comes back to
 * the page, which is when they want to see how things stand. A shared worker hears of neither by itself.
 *
 * @returns ends it
 */
export function reportNetwork(report: (isOnline: boolean) => void): () => void {
  const ending = new AbortController()
  const { signal } = ending
  const tell = () => report(navigator.onLine)
  addEventListener('online', tell, { signal })
  addEventListener('offline', tell, { signal })
  addEventListener('pageshow', tell, { signal })
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && tell(), { signal })
  if (!navigator.onLine) tell()
  return () => ending.abort()
}
