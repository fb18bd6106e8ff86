import { ExpirationPlugin } from 'workbox-expiration'
import { registerRoute, setCatchHandler } from 'workbox-routing'
import { CacheFirst, NetworkFirst } from 'workbox-strategies'
import { CACHES, OFFLINE_PAGE } from './cache-names.ts'
import { isPage } from './page-requests.ts'

/** How long a page may keep us waiting before the one on the device is shown. */
const PAGE_TIMEOUT_S = 4

const DAY_S = 24 * 60 * 60

/** One entry a page, whatever campaign led to it. */
const withoutQuery = {
  cacheKeyWillBeUsed: async ({ request }: { request: Request }) => {
    const url = new URL(request.url)
    return url.origin + url.pathname
  },
}

/** A redirect leads elsewhere tomorrow, and a browser refuses a kept one for a navigation. */
const onlyPages = {
  cacheWillUpdate: async ({ response }: { response: Response }) =>
    response.status === 200 && !response.redirected ? response : null,
}

export function routeRequests(): void {
  registerRoute(
    ({ request, url }) => url.origin === location.origin && isPage(request, url),
    new NetworkFirst({
      cacheName: CACHES.pages,
      networkTimeoutSeconds: PAGE_TIMEOUT_S,
      plugins: [onlyPages, withoutQuery, new ExpirationPlugin({ maxEntries: 60, maxAgeSeconds: 60 * DAY_S })],
    }),
  )
  // Names carry a hash of the content: what is there is right.
  registerRoute(
    ({ url }) => url.origin === location.origin && url.pathname.startsWith('/_next/static/'),
    new CacheFirst({
      cacheName: CACHES.static,
      plugins: [new ExpirationPlugin({ maxEntries: 300, maxAgeSeconds: 60 * DAY_S })],
    }),
  )
  registerRoute(
    ({ url }) => url.origin === location.origin && url.pathname.startsWith('/assets/local-db/'),
    new CacheFirst({
      cacheName: CACHES.localDatabase,
      plugins: [new ExpirationPlugin({ maxEntries: 20, maxAgeSeconds: 60 * DAY_S })],
    }),
  )
  setCatchHandler(async ({ request }) => {
    if (request instanceof Request && request.mode === 'navigate') {
      const page = await caches.match(OFFLINE_PAGE, { ignoreSearch: true })
      if (page) return page
    }
    return Response.error()
  })
}
