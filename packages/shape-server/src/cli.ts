#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { type Environment, EnvironmentError, type Invocation, readInvocation } from './env.ts'
import { createJsonLog } from './log.ts'
import { startShapeServer } from './shape-server.ts'
import { usage } from './usage.ts'

const EXIT_FAILED = 1
const EXIT_MISUSED = 2

const write = (text: string) => process.stdout.write(text)

function invocation(): Invocation | undefined {
  try {
    return readInvocation()
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    createJsonLog('error', write)({ level: 'error', message: error.message })
    process.exitCode = EXIT_MISUSED
    return undefined
  }
}

async function serve(environment: Environment): Promise<void> {
  const log = createJsonLog(environment.logLevel, write)
  if (!environment.secret && !isLoopback(environment.host)) {
    log({ level: 'warn', message: 'every table can be read by whoever reaches this address', host: environment.host })
  }
  const start = new AbortController()
  const starting = startShapeServer({ ...environment, log, signal: start.signal })
  let isStopping = false
  const stop = async (signal: string) => {
    // A second signal ends the process at once.
    if (isStopping) process.exit(EXIT_FAILED)
    isStopping = true
    log({ level: 'info', message: 'stopping', signal })
    // It may wait for Postgres, or for another server, for as long as it takes.
    start.abort()
    const server = await starting.catch(() => undefined)
    await server?.stop()
    log({ level: 'info', message: 'stopped' })
    // Also when something still holds the event loop: everything is put away.
    process.exit()
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log({ level: 'error', message: 'could not stop', error: String(error) })
        process.exit(EXIT_FAILED)
      })
    })
  }
  try {
    await starting
  } catch (error) {
    if (isStopping) return
    log({ level: 'error', message: `could not start: ${error instanceof Error ? error.message : error}` })
    process.exit(EXIT_FAILED)
  }
}

const isLoopback = (host: string) => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host)

function version(): string {
  // Beside the sources as beside the bundle.
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

const invoked = invocation()
switch (invoked?.kind) {
  case 'help':
    write(usage())
    break
  case 'version':
    write(`${version()}\n`)
    break
  case 'serve':
    await serve(invoked.environment)
    break
  case undefined:
    break
}
