import { migrate } from '@landfall/database/migrate'
import { demoTenants, seedDemo } from '@landfall/database/seed'
import { hashPassword } from 'better-auth/crypto'
import pg from 'pg'

const IDS = demoTenants.map(({ id }) => id)
const EMAILS = demoTenants.map(({ admin }) => admin.email)
/** Children first: leads hold their forms. */
const TENANT_TABLES = ['sync_operations', 'lead_events', 'lead_receipts', 'leads', 'devices']

/**
 * Puts the tenants of the journeys into a database of somebody's. Those that are there already are not touched: their
 * leads may be wanted.
 *
 * @returns how to take them away again, with everything that the journeys wrote
 */
export async function addDemoTenants(ownerUrl: string, mayReplace: boolean): Promise<() => Promise<void>> {
  await migrate(ownerUrl)
  await withClient(ownerUrl, async (client) => {
    const role = await client.query('SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)')
    if (role.rowCount === 0)
      throw new Error('DATABASE_OWNER_URL is a role that row-level security binds: give it BYPASSRLS.')
    const slugs = demoTenants.map(({ slug }) => slug)
    const { rows } = await client.query('SELECT slug FROM tenants WHERE id = ANY($1) OR slug = ANY($2)', [IDS, slugs])
    if (rows.length === 0) return
    const names = rows.map(({ slug }) => slug).join(', ')
    if (!mayReplace) {
      throw new Error(`The database has the tenants ${names}. Take one without, or delete them with --replace-demo.`)
    }
    await removeDemoTenants(client)
  })
  await seedDemo(ownerUrl, { hashPassword, isEmpty: true })
  return () => withClient(ownerUrl, removeDemoTenants)
}

async function removeDemoTenants(client: pg.Client): Promise<void> {
  await client.query('BEGIN')
  for (const table of TENANT_TABLES) await client.query(`DELETE FROM ${table} WHERE tenant_id = ANY($1)`, [IDS])
  await client.query('DELETE FROM tenants WHERE id = ANY($1)', [IDS])
  await client.query('DELETE FROM users WHERE email = ANY($1)', [EMAILS])
  await client.query('COMMIT')
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
