const LOCAL_HOST = /(^|\.)localhost(:\d+)?$/

/** Where the visitor sees the site. Only machines that develop it answer without TLS. */
export function siteOrigin(headers: { get(name: string): string | null }): URL {
  const host = headers.get('host') ?? 'localhost'
  return new URL(`${LOCAL_HOST.test(host) ? 'http' : 'https'}://${host}`)
}
