import { publishAddresses } from './addresses.ts'
import { startFaultControl } from './fault-control.ts'
import { startStack } from './stack.ts'

/** Starts everything real once, and tells every test process where it is. */
export default async function globalSetup() {
  const stack = await startStack((line) => console.error(line))
  const control = await startFaultControl(stack.proxy)
  publishAddresses({
    port: stack.proxy.port,
    faultsUrl: control.url,
    databaseUrl: stack.backend.ownerUrl,
    backendEnv: stack.backend.env,
  })
  return async () => {
    await control.stop()
    await stack.stop()
  }
}
