import { ATTRIBUTION_FIELDS, type Attribution, LIMITS } from '@landfall/contract'

const STORAGE_KEY = 'lf:landing'

/**
 * Where this visit came from. The first page of a visit is remembered for the session, so that a form three pages on
 * still knows the campaign.
 */
export function captureAttribution(): Attribution {
  const landing = rememberLanding()
  const parameters = { ...fromQuery(new URL(landing.url)), ...fromQuery(new URL(location.href)) }
  return cut({
    ...parameters,
    page_url: location.href,
    landing_page: landing.url,
    ...(landing.referrer ? { referrer: landing.referrer } : {}),
  })
}

/** As the server would: here already, so that no address makes a lead too large to be taken. */
function cut(attribution: Attribution): Attribution {
  const entries = Object.entries(attribution).map(([name, value]) => [name, value.slice(0, LIMITS.attributionLength)])
  return Object.fromEntries(entries)
}

interface Landing {
  url: string
  referrer: string
}

function isLanding(value: unknown): value is Landing {
  if (typeof value !== 'object' || value === null) return false
  const { url, referrer } = value as Partial<Landing>
  return typeof url === 'string' && URL.canParse(url) && typeof referrer === 'string'
}

/** Call once on every page, so that the landing page is the real one. */
export function rememberLanding(): Landing {
  const here: Landing = { url: location.href, referrer: isOwnPage(document.referrer) ? '' : document.referrer }
  try {
    const stored = sessionStorage.getItem(STORAGE_KEY)
    const known: unknown = stored && JSON.parse(stored)
    if (isLanding(known)) return known
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(here))
  } catch {
    // Storage is blocked, or not what we wrote: this page is the landing page, as far as anybody can tell.
  }
  return here
}

function fromQuery(url: URL): Attribution {
  const found: Attribution = {}
  for (const name of ATTRIBUTION_FIELDS) {
    const value = url.searchParams.get(name)
    if (value) found[name] = value
  }
  return found
}

function isOwnPage(referrer: string): boolean {
  return referrer !== '' && URL.canParse(referrer) && new URL(referrer).origin === location.origin
}
