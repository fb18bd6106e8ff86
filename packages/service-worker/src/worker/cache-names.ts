/** Caches beside Workbox's precache. Pages carry who is signed in, so signing out deletes theirs. */
export const CACHES = {
  pages: 'landfall-pages',
  static: 'landfall-static',
  localDatabase: 'landfall-local-db',
} as const

/** Page that stands in for one that was never on this device. */
export const OFFLINE_PAGE = '/offline'
