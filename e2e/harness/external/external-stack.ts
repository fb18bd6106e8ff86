import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { startAppBehindProxy } from '../app-behind-proxy.ts'
import type { JourneyStack } from '../stack.ts'
import { addDemoTenants } from './demo-tenants.ts'
import type { ExternalSettings } from './settings.ts'

/** Electric may still be making its first shape. */
const CONNECTED_WITHIN_MS = 60_000
/** The probe's cap: a change that took as long was not seen. */
const LAG_CAP_S = 3

/** The app and the proxy for faults are ours; the database and the live updates are those of the settings. */
export async function startExternalStack(
  settings: ExternalSettings,
  onTrouble: (line: string) => void,
): Promise<JourneyStack> {
  const { DATABASE_URL, DATABASE_OWNER_URL: ownerUrl, ELECTRIC_URL, ELECTRIC_SECRET = '' } = settings
  const secret = () => randomBytes(24).toString('base64url')
  const env = { DATABASE_URL, ELECTRIC_URL, ELECTRIC_SECRET, BETTER_AUTH_SECRET: secret(), METRICS_TOKEN: secret() }
  const removeTenants = await addDemoTenants(ownerUrl, settings.LANDFALL_E2E_REPLACE_DEMO === '1')
  try {
    const app = await startAppBehindProxy(env, onTrouble)
    const stop = async () => {
      await app.stop()
      await removeTenants()
    }
    try {
      await untilChangesArrive(app.port, env)
    } catch (error) {
      await app.stop()
      throw error
    }
    return { proxy: app.proxy, backend: { env, ownerUrl }, stop }
  } catch (error) {
    await removeTenants()
    throw error
  }
}

/** The app's own measurement: a change of this database comes back through this Electric. */
async function untilChangesArrive(port: number, env: { METRICS_TOKEN: string; ELECTRIC_URL: string }): Promise<void> {
  const deadline = Date.now() + CONNECTED_WITHIN_MS
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/metrics`, {
      headers: { authorization: `Bearer ${env.METRICS_TOKEN}` },
    })
    const text = await answer.text()
    const gauge = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    const isConnected = gauge('electric_connected') === 1
    if (isConnected && gauge('electric_sync_lag_seconds') < LAG_CAP_S) return
    if (Date.now() > deadline) {
      throw new Error(
        isConnected
          ? `Electric at ${env.ELECTRIC_URL} does not tell what is written to DATABASE_URL: do the two belong together?`
          : `Electric at ${env.ELECTRIC_URL} does not answer for a shape: is ELECTRIC_SECRET right, and the table sync_probe published?`,
      )
    }
    await delay(1_000)
  }
}
