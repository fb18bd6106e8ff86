import type { FormDefinition, SiteContent } from '@landfall/contract'

/** A tenant's site with the form that stands on it. */
export interface Site {
  tenantId: string
  slug: string
  name: string
  content: SiteContent
  form: FormDefinition
}
