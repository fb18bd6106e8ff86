#!/usr/bin/env node
import { EnvironmentError, readEnvironment } from './env.ts'
import type { LogLine } from './log.ts'
import { startShapeServer } from './shape-server.ts'

const log = (line: LogLine) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`)
}

try {
  const server = await startShapeServer({ ...readEnvironment(), log })
  let isStopping = false
  const stop = async (signal: string) => {
    // A second signal ends the process at once.
    if (isStopping) process.exit(1)
    isStopping = true
    log({ level: 'info', message: 'stopping', signal })
    await server.stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(signal))
} catch (error) {
  const message = error instanceof EnvironmentError ? error.message : `could not start: ${error}`
  log({ level: 'error', message })
  process.exitCode = 1
}
