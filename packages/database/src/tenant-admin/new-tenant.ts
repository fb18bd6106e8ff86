import { formDefinition, publicHostName, siteContent, tenantLabel } from '@landfall/contract'
import * as z from 'zod'

/** A business as an operator writes it down: what `tenant add` reads. */
export const newTenant = z.strictObject({
  /** Label of its address below the root domain. */
  slug: tenantLabel,
  name: z.string().trim().min(1).max(160),
  /** Whole hosts of its own that point here. */
  customDomains: z.array(publicHostName).max(20).default([]),
  site: siteContent,
  /** The first one stands on the site. Ids are of the whole installation: no two tenants have the same. */
  forms: z.array(formDefinition).min(1),
  /** Who signs in to its dashboard first. */
  owner: z.strictObject({ name: z.string().trim().min(1).max(160), email: z.email().toLowerCase() }),
})
export type NewTenant = z.output<typeof newTenant>

/** @throws Error with a line for each thing that is wrong, and the place where it stands */
export function parseNewTenant(text: string): NewTenant {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new Error(`This is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  const result = newTenant.safeParse(json)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'the tenant'}: ${issue.message}`)
  throw new Error(`The tenant is not complete:\n${lines.join('\n')}`)
}
