import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type FormDefinition, formDefinition } from '@landfall/contract'
import { demoTenants } from '@landfall/database/demo-tenants'
import pg from 'pg'
import { type Stack, startStack } from '../../harness/stack.ts'

export interface DemoSite {
  slug: string
  tenantId: string
  host: string
  form: FormDefinition
}

/** The real stack, and what stands behind it. */
export interface ServerWorld {
  stack: Stack
  port: number
  acme: DemoSite
  lumen: DemoSite
  /** Of a superuser, whom no policy binds. A Postgres that was restarted gets new connections. */
  pool: pg.Pool
  about: string[]
}

const BATCH_PATH = '/api/sync/batch'

export { BATCH_PATH }

export async function startServerWorld(): Promise<{ world: ServerWorld; about: string[]; stop(): Promise<void> }> {
  // What the app complains about while it is being broken on purpose is no news.
  const stack = await startStack(() => {})
  const { port } = stack.proxy
  const site = (slug: string): DemoSite => {
    const tenant = demoTenants.find((candidate) => candidate.slug === slug)
    if (!tenant) throw new Error(`the demo has no tenant ${slug}`)
    const form = formDefinition.parse(tenant.forms[0])
    return { slug, tenantId: tenant.id, host: `${slug}.localhost:${port}`, form }
  }
  const pool = new pg.Pool({ connectionString: stack.backend.ownerUrl, max: 3 })
  pool.on('error', () => {})
  const { rows } = await pool.query<{ server_version: string }>('SHOW server_version')
  const about = [`Postgres ${rows[0]?.server_version}`, `next ${await nextVersion()}`]
  return {
    world: { stack, port, acme: site('acme'), lumen: site('lumen'), pool, about },
    about,
    async stop() {
      await pool.end()
      await stack.stop()
    },
  }
}

/** Every run begins with a proxy that breaks nothing, and with limits that count from nothing. */
export async function calm({ stack, pool }: ServerWorld): Promise<void> {
  stack.proxy.clear()
  await pool.query('DELETE FROM rate_limits')
}

async function nextVersion(): Promise<string> {
  const manifest = fileURLToPath(new URL('../../../apps/web/node_modules/next/package.json', import.meta.url))
  return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version
}
