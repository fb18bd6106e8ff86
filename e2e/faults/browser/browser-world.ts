import { publishAddresses } from '../../harness/addresses.ts'
import { startFaultControl } from '../../harness/fault-control.ts'
import { KillableBrowser } from '../../harness/killable-browser.ts'
import { type ServerWorld, startServerWorld } from '../server/server-world.ts'

export type BrowserWorld = ServerWorld

/** The whole stack, found by the page objects of the journeys too. */
export async function startBrowserWorld(): Promise<{ world: BrowserWorld; about: string[]; stop(): Promise<void> }> {
  const { world, about, stop } = await startServerWorld()
  const control = await startFaultControl(world.stack.proxy)
  publishAddresses({
    port: world.port,
    faultsUrl: control.url,
    databaseUrl: world.stack.backend.ownerUrl,
    backendEnv: world.stack.backend.env,
  })
  return {
    world,
    about: [...about, await browserVersion()],
    async stop() {
      await control.stop()
      await stop()
    },
  }
}

async function browserVersion(): Promise<string> {
  const browser = await KillableBrowser.create()
  try {
    const page = await browser.start()
    return `Chromium ${page.context().browser()?.version()}`
  } finally {
    await browser.remove()
  }
}
