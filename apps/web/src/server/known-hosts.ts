import { tenantOfHost } from '@landfall/database'
import { env } from '../env.ts'
import { normaliseHost } from '../route-by-host.ts'
import { databases } from './databases.ts'

const REMEMBER_MS = 30_000
const MAX_REMEMBERED = 10_000

const remembered = new Map<string, { isKnown: boolean; untilMs: number }>()

/**
 * Whether a tenant's site stands at this host. It decides only which page an unknown host gets: Next can give a complete
 * 404 without JavaScript only where no page matches. Every page and route looks the tenant up for itself.
 */
export async function hasSite(host: string): Promise<boolean> {
  const known = remembered.get(host)
  if (known && known.untilMs > Date.now()) return known.isKnown
  try {
    const rootDomain = normaliseHost(env().NEXT_PUBLIC_ROOT_DOMAIN)
    const isKnown = (await tenantOfHost(databases().app, host, rootDomain)) !== undefined
    // Hosts come from whoever asks: the memory is bounded.
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(host, { isKnown, untilMs: Date.now() + REMEMBER_MS })
    return isKnown
  } catch {
    // Without a database the page itself says what is wrong.
    return true
  }
}
