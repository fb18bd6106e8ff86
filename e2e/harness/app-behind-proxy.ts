import { startWebServer, type WebServer } from '@landfall/dev-stack'
import { freePort } from '@landfall/embedded-postgres'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

/** The production build of the app, which browsers reach through a proxy that breaks things. */
export interface AppBehindProxy {
  proxy: FaultProxy
  /** The app's own port, past the proxy. */
  port: number
  /** Stops the app and starts it anew on the same address, as a deploy does. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** @param env how the app reaches its database and its live updates, and its secrets */
export async function startAppBehindProxy(
  env: Record<string, string>,
  onTrouble: (line: string) => void,
): Promise<AppBehindProxy> {
  const port = await freePort()
  const proxy = await startFaultProxy(port)
  const start = (): Promise<WebServer> =>
    startWebServer({
      port,
      env: {
        ...env,
        APP_URL: `http://app.localhost:${proxy.port}`,
        NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
        LOG_LEVEL: 'warn',
      },
      onOutput: onTrouble,
    })
  let app = await start()
  return {
    proxy,
    port,
    async restart() {
      await app.stop()
      app = await start()
    },
    async stop() {
      await proxy.stop()
      await app.stop()
    },
  }
}
