export {
  type AppDatabase,
  type ConnectOptions,
  connect,
  connectForAuth,
  type TenantTransaction,
  withTenant,
} from './connection.ts'
export { isDeviceProven, proveOrRegisterDevice } from './device-registry.ts'
export { type FormVersionKey, type FoundForm, findFormVersion, findFormVersions } from './form-versions.ts'
export { consentsOf } from './lead-consents.ts'
export { type Membership, membershipsOf, roleOf } from './memberships.ts'
export { readLeadValues, readTenantSite, type TenantSite } from './site-queries.ts'
export { tenantOfHost } from './tenant-of-host.ts'
export { type Statement, type TenantSession, withTenantSession } from './tenant-session.ts'
