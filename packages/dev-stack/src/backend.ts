import { join } from 'node:path'
import { migrate, setAppPassword } from '@landfall/database/migrate'
import { seedDemo } from '@landfall/database/seed'
import { freePort, type RunningPostgres, startPostgres } from '@landfall/embedded-postgres'
import { type ShapeServer, startShapeServer } from '@landfall/shape-server'
import { hashPassword } from 'better-auth/crypto'
import { claimFolder } from './claim-folder.ts'
import { readOrCreateSecrets } from './secrets.ts'

export interface BackendOptions {
  /** Folder of everything that outlives a stop: the cluster, the secrets, the logs of the shapes. */
  dataDir: string
  /** Start tenants without leads. */
  isEmpty?: boolean
  /** Told before each step. */
  onStep?: (step: string) => void
  /** Warnings and errors of the shape server. */
  onTrouble?: (message: string) => void
  /** Gives the start up: what was started is stopped before the promise rejects. */
  signal?: AbortSignal
}

/** What the app needs in its environment to reach the backend. */
export interface Backend {
  env: {
    DATABASE_URL: string
    ELECTRIC_URL: string
    ELECTRIC_SECRET: string
    BETTER_AUTH_SECRET: string
    METRICS_TOKEN: string
  }
  /** Superuser's connection string, for tests that look behind the policies. */
  ownerUrl: string
  postgres: RunningPostgres
  stop(): Promise<void>
}

const DATABASE = 'landfall'

/** Starts Postgres and the shape server, brings the schema up to date and puts in the demo. All of it, or nothing. */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  const release = await claimFolder(options.dataDir)
  try {
    const backend = await startOn(options)
    return {
      ...backend,
      async stop() {
        try {
          await backend.stop()
        } finally {
          await release()
        }
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

async function startOn({ dataDir, isEmpty, onStep, onTrouble, signal }: BackendOptions): Promise<Backend> {
  const step = (text: string) => {
    signal?.throwIfAborted()
    onStep?.(text)
  }
  const secrets = await readOrCreateSecrets(join(dataDir, 'secrets.json'))
  step('Starting Postgres')
  const postgres = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    port: await freePort(54_320),
    password: secrets.postgresPassword,
    ...(signal && { signal }),
  })
  let shapeServer: ShapeServer | undefined
  try {
    signal?.throwIfAborted()
    await postgres.createDatabase(DATABASE)
    const ownerUrl = postgres.url(DATABASE)
    step('Bringing the schema up to date')
    await migrate(ownerUrl)
    await setAppPassword(ownerUrl, secrets.appPassword)
    step('Looking after the demo tenants')
    await seedDemo(ownerUrl, { hashPassword, isEmpty: isEmpty ?? false })
    step('Starting the shape server')
    shapeServer = await startShapeServer({
      databaseUrl: ownerUrl,
      // Beside the cluster: browsers go on where they were after a restart.
      storageDir: join(dataDir, 'shapes'),
      port: await freePort(54_420),
      secret: secrets.electricSecret,
      ...(signal && { signal }),
      log: (entry) => {
        if (entry.level === 'warn' || entry.level === 'error') onTrouble?.(JSON.stringify(entry))
      },
    })
    signal?.throwIfAborted()
    const appUrl = new URL(ownerUrl)
    appUrl.username = 'landfall_app'
    appUrl.password = secrets.appPassword
    return {
      env: {
        DATABASE_URL: appUrl.href,
        ELECTRIC_URL: shapeServer.url,
        ELECTRIC_SECRET: secrets.electricSecret,
        BETTER_AUTH_SECRET: secrets.authSecret,
        METRICS_TOKEN: secrets.metricsToken,
      },
      ownerUrl,
      postgres,
      async stop() {
        try {
          await shapeServer?.stop()
        } finally {
          await postgres.stop()
        }
      },
    }
  } catch (error) {
    await shapeServer?.stop().catch(() => {})
    await postgres.stop()
    throw error
  }
}
