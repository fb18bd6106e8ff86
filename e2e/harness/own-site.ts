import { startWebServer } from '@landfall/dev-stack'
import { freePort } from '@landfall/embedded-postgres'
import { addresses } from './addresses.ts'
import { type Answer, send } from './raw-request.ts'

/** A second site on the running backend, whose log can be read and which may be stopped. */
export interface OwnSite {
  port: number
  /** Everything that it printed. */
  output(): string
  /** The lines of its log that are JSON. */
  logLines(): Record<string, unknown>[]
  send(slug: string, path: string, options?: Parameters<typeof send>[2]): Promise<Answer>
  stop(): Promise<void>
}

export async function startOwnSite(env: Record<string, string> = {}): Promise<OwnSite> {
  const port = await freePort()
  const printed: string[] = []
  const web = await startWebServer({
    port,
    env: {
      ...addresses().backendEnv,
      APP_URL: `http://app.localhost:${port}`,
      NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
      ...env,
    },
    onOutput: (text) => printed.push(text),
  })
  const output = () => printed.join('\n')
  return {
    port,
    output,
    logLines: () =>
      output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    send: (slug, path, options) => send(`${slug}.localhost:${port}`, path, { ...options, port }),
    stop: () => web.stop(),
  }
}
