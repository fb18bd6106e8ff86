import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, startBackend, startWebServer, type WebServer } from '@landfall/dev-stack'
import { freePort, type RunningPostgres, startPostgres } from '@landfall/embedded-postgres'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

export interface Stack {
  /** In front of the app. */
  proxy: FaultProxy
  backend: Backend
  /** Stops the app and starts it anew on the same address, as a deploy does. */
  restartApp(): Promise<void>
  /** Ends Postgres, `immediate` as a crash does, and starts it again; `between` runs while it is down. */
  restartPostgres(mode: 'fast' | 'immediate', between?: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** Everything real: Postgres, the shape server, the production build of the app; and a proxy for faults. */
export async function startStack(onTrouble: (line: string) => void): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-e2e-'))
  const appPort = await freePort()
  const proxy = await startFaultProxy(appPort)
  const backend = await startBackend({ dataDir: folder, isEmpty: true, onTrouble })
  let postgres: RunningPostgres = backend.postgres
  const startApp = (): Promise<WebServer> =>
    startWebServer({
      port: appPort,
      env: {
        ...backend.env,
        APP_URL: `http://app.localhost:${proxy.port}`,
        NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
        LOG_LEVEL: 'warn',
      },
      onOutput: onTrouble,
    })
  let app = await startApp()
  return {
    proxy,
    backend,
    async restartApp() {
      await app.stop()
      app = await startApp()
    },
    async restartPostgres(mode, between) {
      await postgres.stop(mode)
      await between?.()
      const password = decodeURIComponent(new URL(backend.ownerUrl).password)
      postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: postgres.port, password })
    },
    async stop() {
      await proxy.stop()
      await app.stop()
      await backend.stop()
      await postgres.stop()
      await rm(backend.postgres.dataDir, { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}
