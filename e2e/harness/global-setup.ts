import { env } from 'node:process'
import { publishAddresses } from './addresses.ts'
import { startExternalStack } from './external/external-stack.ts'
import { EXTERNAL_MARK, readExternalSettings } from './external/settings.ts'
import { startFaultControl } from './fault-control.ts'
import { type JourneyStack, startStack } from './stack.ts'

/** Starts everything real once, or what is not there yet, and tells every test process where it is. */
export default async function globalSetup() {
  const onTrouble = (line: string) => console.error(line)
  const isExternal = env[EXTERNAL_MARK] === '1'
  const stack: JourneyStack = isExternal
    ? await startExternalStack(readExternalSettings(env), onTrouble)
    : await startStack(onTrouble)
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
