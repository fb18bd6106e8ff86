import { and, eq } from 'drizzle-orm'
import type { AppDatabase } from './connection.ts'
import { domains } from './schema/index.ts'

/**
 * The tenant whose site answers for this host, or undefined: a host that is in no table has no site.
 *
 * @param host lower case, without port
 * @param rootDomain domain below which every tenant has its label, without port
 */
export async function tenantOfHost(
  database: AppDatabase,
  host: string,
  rootDomain: string,
): Promise<string | undefined> {
  const label = host.endsWith(`.${rootDomain}`) ? host.slice(0, -rootDomain.length - 1) : undefined
  const [row] = await database
    .select({ tenantId: domains.tenantId })
    .from(domains)
    .where(
      label === undefined
        ? and(eq(domains.kind, 'custom'), eq(domains.host, host))
        : and(eq(domains.kind, 'subdomain'), eq(domains.host, label)),
    )
  return row?.tenantId
}
