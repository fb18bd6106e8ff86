const LOCAL_HOST = /(^|\.)localhost(:\d+)?$/

/** Where the visitor sees the site. Only machines that develop it answer without TLS. */
export function siteOrigin(headers: { get(name: string): string | null }): URL {
  const host = headers.get('host') ?? 'localhost'
  const origin = `${LOCAL_HOST.test(host) ? 'http' : 'https'}://${host}`
  // A Host is whatever somebody wrote there; the page does not fail over it.
  return new URL(URL.canParse(origin) ? origin : 'http://localhost')
}
