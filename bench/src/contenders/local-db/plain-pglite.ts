import type { PGlite, PGliteOptions } from '@electric-sql/pglite'
import type { live, PGliteWithLive } from '@electric-sql/pglite/live'
import { PLAIN_PGLITE_PATH } from './paths.ts'

/** PGlite on IndexedDB as it was published, in the page and with its defaults. */
export async function openPlainPglite(extensions: PGliteOptions['extensions'] = {}): Promise<PGlite> {
  const module: { PGlite: typeof PGlite } = await import(/* @vite-ignore */ `${PLAIN_PGLITE_PATH}index.js`)
  return module.PGlite.create('idb://bench', { extensions })
}

export async function openPlainPgliteWithLive(): Promise<PGlite & PGliteWithLive> {
  const module: { live: typeof live } = await import(/* @vite-ignore */ `${PLAIN_PGLITE_PATH}live/index.js`)
  return (await openPlainPglite({ live: module.live })) as PGlite & PGliteWithLive
}
