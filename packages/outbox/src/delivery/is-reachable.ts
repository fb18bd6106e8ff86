/** Long enough for a slow network, short enough to stand before a drain. */
const PROBE_MS = 5_000

/**
 * Whether a request is worth making. A browser that says it is offline is mostly right, but some are wrong for hours, so
 * it is put to the proof with a request that carries nothing: what was never sent then still counts as never sent.
 */
export async function isReachable(fetch: typeof globalThis.fetch, endpoint: string): Promise<boolean> {
  if (globalThis.navigator?.onLine !== false) return true
  try {
    // Any answer is one, also that the route takes no HEAD.
    const signal = AbortSignal.timeout(PROBE_MS)
    await fetch(endpoint, { method: 'HEAD', cache: 'no-store', redirect: 'manual', signal })
    return true
  } catch {
    return false
  }
}
