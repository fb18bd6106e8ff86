import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { demoTenants } from '@landfall/database/seed'
import { freePort, isPortFree } from '@landfall/embedded-postgres'
import { startBackend } from './backend.ts'
import { env } from './env.ts'
import { createStartup } from './startup.ts'
import { startWebServer } from './web-server.ts'

// `npm start` ends here: everything that the demo needs in one process tree, until Ctrl-C.

const DEFAULT_PORT = 3000
const dataDir = env.dataDir ?? fileURLToPath(new URL('../../../.data', import.meta.url))
/** One Ctrl-C may arrive twice, from the terminal and from a parent that passes it on. */
const SAME_CTRL_C_MS = 500
const startedAt = performance.now()

const startup = createStartup()
let stopping: Promise<void> | undefined
let stoppingSince = 0
let isSiteUp = false

function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

const step = (text: string) => say(`  ${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${text}`)

function stop(): Promise<void> {
  stopping ??= (async () => {
    stoppingSince = performance.now()
    say('\nStopping …')
    await startup.stop()
    say('Stopped. The data is kept for the next start.')
  })()
  return stopping
}

async function stopAndExit(code: number): Promise<never> {
  try {
    await stop()
  } catch (error) {
    complain(error)
    process.exit(1)
  }
  process.exit(code)
}

function complain(error: unknown): void {
  process.stderr.write(`\n${error instanceof Error ? error.message : error}\n`)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!stopping) stopAndExit(0)
    else if (signal === 'SIGINT' && performance.now() - stoppingSince > SAME_CTRL_C_MS) {
      say('Stopping at once.')
      // What still runs is ended by the handlers of `exit`.
      process.exit(130)
    }
  })
}

async function choosePort(): Promise<number> {
  if (env.port !== undefined) {
    if (await isPortFree(env.port, '0.0.0.0')) return env.port
    throw new Error(`Port ${env.port} (from PORT) is in use. Stop what listens there, or choose another.`)
  }
  const port = await freePort(DEFAULT_PORT)
  if (port !== DEFAULT_PORT) say(`  Port ${DEFAULT_PORT} is in use, so the demo takes ${port}.`)
  return port
}

function introduce(port: number): void {
  const at = (label: string) => `http://${label}localhost:${port}`
  say('\nLandfall is running.\n')
  say(`  Overview    ${at('')}`)
  for (const { slug, name } of demoTenants) say(`  Site        ${at(`${slug}.`).padEnd(34)} ${name}`)
  say(`  Dashboard   ${at('app.')}\n`)
  say('  Sign in to the dashboard as one of')
  for (const { admin, name } of demoTenants) {
    say(`    ${admin.email.padEnd(20)} password ${admin.password}   (${name})`)
  }
  say(`\n  Metrics for Prometheus: ${at('')}/api/metrics, with the bearer token "metricsToken" of`)
  say(`  ${join(dataDir, 'secrets.json')}`)
  say('\n  Try it: open a site, switch the network off in the developer tools, send the form,')
  say('  close the tab, switch the network on again, and watch the lead arrive in the dashboard.')
  say('\n  Ctrl-C stops everything.')
}

try {
  const port = await choosePort()
  const backend = await startup.start((signal) => startBackend({ dataDir, onStep: step, onTrouble: say, signal }))
  step('Starting the site')
  const web = await startup.start((signal) =>
    startWebServer({
      port,
      env: {
        ...backend.env,
        APP_URL: `http://app.localhost:${port}`,
        NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
        LOG_LEVEL: 'warn',
      },
      onOutput: (line) => {
        // Next's own greeting names an address that is not the interesting one.
        if (isSiteUp) say(line)
      },
      signal,
    }),
  )
  isSiteUp = true
  introduce(port)
  const code = await web.ended
  if (!stopping) {
    say(`The site ended by itself with code ${code}.`)
    await stopAndExit(1)
  }
} catch (error) {
  // A start that was stopped on the way is no failure.
  if (!stopping) {
    complain(error)
    await stopAndExit(1)
  }
}
