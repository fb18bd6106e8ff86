import type { FoundForm } from '@landfall/database'
import { type FormVersionKey, findFormVersions, type TenantSession } from '@landfall/database'

const MAX_ENTRIES = 2_000

/** Published versions by tenant, form and version. They never change, so what was found once needs no second look. */
export class FormVersionCache {
  readonly #found = new Map<string, FoundForm>()

  /** In the order asked; those not held are read in one query, and only what was found is kept. */
  async find(session: TenantSession, tenantId: string, keys: readonly FormVersionKey[]): Promise<FoundForm[]> {
    const nameOf = ({ formId, version }: FormVersionKey) => `${tenantId} ${formId} ${version}`
    const missing = new Map<string, FormVersionKey>()
    for (const key of keys) if (!this.#found.has(nameOf(key))) missing.set(nameOf(key), key)
    const read = new Map<string, FoundForm>()
    if (missing.size > 0) {
      const forms = await findFormVersions(session, [...missing.values()])
      for (const [index, name] of [...missing.keys()].entries()) {
        const form = forms[index]
        if (form) read.set(name, form)
        if (form?.kind === 'found') this.#keep(name, form)
      }
    }
    return keys.map((key) => read.get(nameOf(key)) ?? this.#found.get(nameOf(key)) ?? { kind: 'unknown_form' })
  }

  #keep(name: string, form: FoundForm): void {
    const [oldest] = this.#found.keys()
    if (this.#found.size >= MAX_ENTRIES && oldest !== undefined) this.#found.delete(oldest)
    this.#found.set(name, form)
  }
}
