/** `cache-control` by kind of answer: what a CDN in front of the server lives by. */
export const CACHE_CONTROL = {
  snapshot: 'public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746',
  catchUp: 'public, max-age=60, stale-while-revalidate=300',
  live: 'public, max-age=5, stale-while-revalidate=5',
  events: 'public, max-age=59',
  mustRefetch: 'public, max-age=60, must-revalidate',
  error: 'no-store',
  uncached: 'no-cache',
  health: 'no-cache, no-store, must-revalidate',
  private: 'max-age=0, private, must-revalidate',
} as const
