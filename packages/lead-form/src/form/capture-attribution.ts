import { ATTRIBUTION_FIELDS, type Attribution } from '@landfall/contract'

const STORAGE_KEY = 'lf:landing'

/**
 * Where this visit came from. The first page of a visit is remembered for the session, so that a form three pages on
 * still knows the campaign.
 */
export function captureAttribution(): Attribution {
  const landing = rememberLanding()
  const parameters = { ...fromQuery(new URL(landing.url)), ...fromQuery(new URL(location.href)) }
  return {
    ...parameters,
    page_url: location.href,
    landing_page: landing.url,
    ...(landing.referrer ? { referrer: landing.referrer } : {}),
  }
}

/** Call once on every page, so that the landing page is the real one. */
export function rememberLanding(): { url: string; referrer: string } {
  const here = { url: location.href, referrer: isOwnPage(document.referrer) ? '' : document.referrer }
  try {
    const stored = sessionStorage.getItem(STORAGE_KEY)
    if (stored) return JSON.parse(stored) as typeof here
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(here))
  } catch {
    // Storage is blocked: this page is the landing page, as far as anybody can tell.
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
