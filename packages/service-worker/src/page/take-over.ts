/** How often a version that waits is told again: it may have been ended between the message and its listener. */
const TOLD_EVERY_MS = 2_000

/**
 * Has the version that waits take over, and reloads this page with it. Only the tab that agreed reloads; the others go on
 * with what they have loaded. A browser lets the version before finish what it has in hand first.
 *
 * @param reload ends this page
 */
export async function takeOver(
  container: ServiceWorkerContainer = navigator.serviceWorker,
  reload: () => void = () => location.reload(),
): Promise<void> {
  const waiting = (await container.getRegistration())?.waiting
  // Another tab was faster.
  if (!waiting) return reload()
  const tell = () => waiting.postMessage({ type: 'SKIP_WAITING' })
  await new Promise<void>((resolve) => {
    // A page that is not told of its new controller still sees that the version is at work.
    waiting.addEventListener('statechange', () => {
      if (waiting.state === 'activated' || waiting.state === 'redundant') resolve()
    })
    container.addEventListener('controllerchange', () => resolve(), { once: true })
    const again = setInterval(() => (waiting.state === 'installed' ? tell() : clearInterval(again)), TOLD_EVERY_MS)
    tell()
  })
  reload()
}
