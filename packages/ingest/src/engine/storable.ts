/**
 * The same JSON without what Postgres cannot hold: NUL goes, a lone half of a surrogate pair becomes U+FFFD, in names
 * as in values. One such character would cost the whole statement, and with it the leads beside it.
 */
export function storable<T>(json: T): T {
  return clean(json) as T
}

function clean(json: unknown): unknown {
  if (typeof json === 'string') return cleanString(json)
  if (Array.isArray(json)) return json.map(clean)
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [cleanString(name), clean(value)]))
}

const cleanString = (text: string) => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD')
