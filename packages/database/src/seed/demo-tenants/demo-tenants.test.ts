import { formDefinition, siteContent, uuidV7 } from '@landfall/contract'
import { describe, expect, test } from 'vitest'
import { demoTenants } from './index.ts'

describe.each(demoTenants)('demo tenant $slug', (tenant) => {
  test('has a site and forms that the contract takes, colours that can be read included', () => {
    expect(uuidV7.safeParse(tenant.id).success).toBe(true)
    expect(siteContent.safeParse(tenant.site).error?.issues).toBeUndefined()
    for (const form of tenant.forms) expect(formDefinition.safeParse(form).error?.issues).toBeUndefined()
  })

  test('speaks one language throughout', () => {
    for (const form of tenant.forms) expect(form.locale).toBe(tenant.site.locale)
  })
})

test('nothing that must differ between tenants is shared', () => {
  const all = demoTenants.flatMap((tenant) => [
    tenant.id,
    tenant.slug,
    tenant.admin.email,
    ...tenant.customDomains,
    ...tenant.forms.map((form) => form.formId),
  ])
  expect(new Set(all).size).toBe(all.length)
})
