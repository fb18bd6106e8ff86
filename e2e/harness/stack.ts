import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, startBackend } from '@landfall/dev-stack'
import { type RunningPostgres, startPostgres } from '@landfall/embedded-postgres'
import { startAppBehindProxy } from './app-behind-proxy.ts'
import type { FaultProxy } from './fault-proxy.ts'

/** What every journey needs, whoever runs the database and the live updates. */
export interface JourneyStack {
  /** In front of the app. */
  proxy: FaultProxy
  backend: Pick<Backend, 'env' | 'ownerUrl'>
  stop(): Promise<void>
}

/** All of it ours, to be stopped and started. */
export interface Stack extends JourneyStack {
  backend: Backend
  /** Stops the app and starts it anew on the same address, as a deploy does. */
  restartApp(): Promise<void>
  /** Ends Postgres, `immediate` as a crash does, and starts it again; `between` runs while it is down. */
  restartPostgres(mode: 'fast' | 'immediate', between?: () => Promise<void>): Promise<void>
}

/** Everything real: Postgres, the shape server, the production build of the app; and a proxy for faults. */
export async function startStack(onTrouble: (line: string) => void): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-e2e-'))
  const backend = await startBackend({ dataDir: folder, isEmpty: true, onTrouble })
  let postgres: RunningPostgres = backend.postgres
  const app = await startAppBehindProxy(backend.env, onTrouble)
  return {
    proxy: app.proxy,
    backend,
    restartApp: () => app.restart(),
    async restartPostgres(mode, between) {
      await postgres.stop(mode)
      await between?.()
      const password = decodeURIComponent(new URL(backend.ownerUrl).password)
      postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: postgres.port, password })
    },
    async stop() {
      await app.stop()
      await backend.stop()
      await postgres.stop()
      await rm(backend.postgres.dataDir, { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}
