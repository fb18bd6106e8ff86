import { ATTRIBUTION_FIELDS, type Attribution, LIMITS } from '@landfall/contract'
import { siteOrigin } from './site-origin.ts'

/** Where a visitor came from, as far as one request tells: the page's query and the browser's Referer. */
export function attributionOfPage(
  headers: { get(name: string): string | null },
  query: Record<string, string | string[] | undefined>,
): Attribution {
  const origin = siteOrigin(headers).origin
  const found: Attribution = {}
  for (const name of ATTRIBUTION_FIELDS) {
    const value = [query[name]].flat()[0]
    if (value) found[name] = value.slice(0, LIMITS.attributionLength)
  }
  const referrer = headers.get('referer')
  if (referrer && !referrer.startsWith(`${origin}/`)) found.referrer = referrer.slice(0, LIMITS.attributionLength)
  return found
}
