/**
 * Watches what protocol an origin speaks. HTTP/2 and HTTP/3 carry all requests over one connection; HTTP/1.1 has six.
 * Undefined until a request to it has ended, and where the browser doesn't say.
 */
export function watchProtocols(): (url: string) => boolean | undefined {
  const byOrigin = new Map<string, boolean>()
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { name, nextHopProtocol } = entry as PerformanceResourceTiming
      if (nextHopProtocol) byOrigin.set(new URL(name).origin, /^h[23]/.test(nextHopProtocol))
    }
  })
  observer.observe({ type: 'resource', buffered: true })
  return (url) => byOrigin.get(new URL(url).origin)
}
