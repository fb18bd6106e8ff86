import { tenantOfHost } from '@landfall/database'
import { env } from '../env.ts'
import { normaliseHost } from '../route-by-host.ts'
import { databases } from './databases.ts'

/** A host that moves to another tenant is that tenant's after this at the latest, in every process. */
export const TENANT_FRESH_FOR_MS = 15_000
/** A new site is there after this at the latest. */
export const NOBODY_FRESH_FOR_MS = 5_000
/** Hosts come from whoever asks: the memory is bounded. */
const MAX_HOSTS = 10_000

interface Remembered {
  tenantId: Promise<string | undefined>
  untilMs: number
}

/** Whose site answers for a host, remembered for some seconds. Requests that ask at the same moment share the answer. */
export class TenantsOfHosts {
  readonly #remembered = new Map<string, Remembered>()
  readonly #lookUp: (host: string) => Promise<string | undefined>
  readonly #maxHosts: number

  constructor(lookUp: (host: string) => Promise<string | undefined>, maxHosts = MAX_HOSTS) {
    this.#lookUp = lookUp
    this.#maxHosts = maxHosts
  }

  /**
   * The tenant, or undefined when the host is nobody's. Rejects when the look-up does, and remembers nothing of it.
   *
   * @param host lower case, without port
   */
  find(host: string): Promise<string | undefined> {
    const known = this.#remembered.get(host)
    if (known && known.untilMs > performance.now()) return known.tenantId

    const tenantId = this.#lookUp(host)
    const entry: Remembered = { tenantId, untilMs: Number.POSITIVE_INFINITY }
    if (this.#remembered.size >= this.#maxHosts) this.#remembered.clear()
    this.#remembered.set(host, entry)
    tenantId.then(
      (found) => {
        entry.untilMs = performance.now() + (found === undefined ? NOBODY_FRESH_FOR_MS : TENANT_FRESH_FOR_MS)
      },
      () => {
        if (this.#remembered.get(host) === entry) this.#remembered.delete(host)
      },
    )
    return tenantId
  }
}

// Next evaluates a module once a bundle; what one of them found out serves all.
const holder = globalThis as { landfallTenantsOfHosts?: TenantsOfHosts }

/** The first question of every request; see {@link TenantsOfHosts.find}. */
export function findTenantOfHost(host: string): Promise<string | undefined> {
  holder.landfallTenantsOfHosts ??= new TenantsOfHosts((asked) =>
    tenantOfHost(databases().app, asked, normaliseHost(env().NEXT_PUBLIC_ROOT_DOMAIN)),
  )
  return holder.landfallTenantsOfHosts.find(host)
}
