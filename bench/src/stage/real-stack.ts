import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, startBackend, startWebServer, type WebServer } from '@landfall/dev-stack'
import { freePort } from '@landfall/embedded-postgres'
import pg from 'pg'
import { TENANT_SLUG } from '../sample/lead.ts'

export interface RealStack {
  appPort: number
  /** Origin of the tenant's site, for a browser. */
  origin: string
  /** Connection string of the role that the app has. */
  appDatabaseUrl: string
  tenantId: string
  /** A superuser's connection, to empty and fill tables. */
  owner: pg.Client
  stop(): Promise<void>
}

/**
 * The limiter of the app counts as ever, in its own statements, and finds each time that nothing was used up: what is
 * measured are the writes, and not how long 429 asks to wait.
 */
const NEVER_USED_UP = `
  CREATE FUNCTION bench_never_used_up() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.points := 0; RETURN NEW; END $$;
  CREATE TRIGGER bench_never_used_up BEFORE INSERT OR UPDATE ON rate_limits
    FOR EACH ROW EXECUTE FUNCTION bench_never_used_up();`

/** Postgres as durable as in production, the shape server that reads along, and the production build of the app. */
export async function startRealStack(): Promise<RealStack> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-bench-stack-'))
  let backend: Backend | undefined
  let web: WebServer | undefined
  let owner: pg.Client | undefined

  const stop = async () => {
    await owner?.end()
    await web?.stop()
    await backend?.stop()
    if (backend) await rm(backend.postgres.dataDir, { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  }

  try {
    const appPort = await freePort()
    backend = await startBackend({ dataDir: folder, isEmpty: true })
    owner = new pg.Client({ connectionString: backend.ownerUrl })
    await owner.connect()
    await owner.query(NEVER_USED_UP)
    const { rows } = await owner.query<{ id: string }>('SELECT id FROM tenants WHERE slug = $1', [TENANT_SLUG])
    const tenantId = rows[0]?.id
    if (!tenantId) throw new Error(`the demo has no tenant ${TENANT_SLUG}`)
    web = await startWebServer({
      port: appPort,
      env: {
        ...backend.env,
        APP_URL: `http://app.localhost:${appPort}`,
        NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
        LOG_LEVEL: 'warn',
      },
    })
    const origin = `http://${TENANT_SLUG}.localhost:${appPort}`
    return { appPort, origin, appDatabaseUrl: backend.env.DATABASE_URL, tenantId, owner, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
