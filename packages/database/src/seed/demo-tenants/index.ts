import type { DemoTenant } from './demo-tenant.ts'
import { dentalClinic } from './dental-clinic.ts'
import { languageSchool } from './language-school.ts'
import { roofer } from './roofer.ts'

export type { DemoTenant } from './demo-tenant.ts'

export const demoTenants: DemoTenant[] = [roofer, dentalClinic, languageSchool]
