import type { FormDefinitionInput, SiteContentInput } from '@landfall/contract'

/** One made-up business, complete enough to be shown to somebody. */
export interface DemoTenant {
  /** UUID v7, fixed: a seed that runs twice makes nothing twice. */
  id: string
  /** Label of its sub-domain. */
  slug: string
  name: string
  customDomains: string[]
  site: SiteContentInput
  /** The first one stands on the site. */
  forms: [FormDefinitionInput, ...FormDefinitionInput[]]
  admin: { name: string; email: string; password: string }
}
