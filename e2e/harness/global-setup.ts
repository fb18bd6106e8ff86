import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBackend, startWebServer } from '@landfall/dev-stack'
import { freePort } from '@landfall/embedded-postgres'
import { publishAddresses } from './addresses.ts'
import { startFaultProxy } from './fault-proxy.ts'

/** Starts everything real once: Postgres, the shape server, the production build of the app; and a proxy for faults. */
export default async function globalSetup() {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-e2e-'))
  const appPort = await freePort()
  const proxy = await startFaultProxy(appPort)
  const backend = await startBackend({ dataDir: folder, isEmpty: true, onTrouble: (line) => console.error(line) })
  const web = await startWebServer({
    port: appPort,
    env: {
      ...backend.env,
      APP_URL: `http://app.localhost:${proxy.port}`,
      NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
      LOG_LEVEL: 'warn',
    },
    onOutput: (line) => console.error(line),
  })
  publishAddresses({
    port: proxy.port,
    faultsUrl: proxy.controlUrl,
    databaseUrl: backend.ownerUrl,
    backendEnv: backend.env,
  })
  return async () => {
    await proxy.stop()
    await web.stop()
    await backend.stop()
    await rm(backend.postgres.dataDir, { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  }
}
