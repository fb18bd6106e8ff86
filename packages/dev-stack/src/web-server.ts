import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { env } from './env.ts'

export interface WebServerOptions {
  port: number
  /** Variables of the app, on top of this process's own. */
  env: Record<string, string>
  /** What the app prints. */
  onOutput?: (line: string) => void
  /** Gives the start up: the process is ended before the promise rejects. */
  signal?: AbortSignal
}

export interface WebServer {
  port: number
  /** Resolves when the process has ended, by us or by itself. */
  ended: Promise<number | null>
  stop(): Promise<void>
}

const require = createRequire(import.meta.url)
const APP_DIR = dirname(require.resolve('@landfall/web/package.json'))
const READY_WITHIN_MS = 60_000
const POLL_MS = 100
const STOPPED_WITHIN_MS = 10_000

/** Starts the production build of the app and resolves when its health route answers. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  options.signal?.throwIfAborted()
  const { cwd, parameters, address } = command(options.port)
  const child = spawn(process.execPath, parameters, {
    cwd,
    env: { ...env.all, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...address, ...options.env },
    // Its own process group: Ctrl-C in the terminal reaches only us, and we end it in the right order.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      if (output.length < 20_000) output += chunk.toString()
      options.onOutput?.(chunk.toString().trimEnd())
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  // A process that ends without stopping its site does not leave it behind.
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  ended.then(() => process.off('exit', endWithUs))
  const failed = ended.then((code) => {
    throw new Error(`The site ended with code ${code} before it was ready:\n${output}`)
  })
  failed.catch(() => {})
  const waiting = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, waiting.signal]) : waiting.signal
  try {
    await Promise.race([untilReady(options.port, signal), failed])
    options.signal?.throwIfAborted()
  } catch (error) {
    waiting.abort()
    await end(child, ended)
    throw error
  }
  return { port: options.port, ended, stop: () => end(child, ended) }
}

function command(port: number): { cwd: string; parameters: string[]; address: Record<string, string> } {
  if (env.webServer !== undefined) {
    const address = { PORT: String(port), HOSTNAME: '0.0.0.0' }
    return { cwd: dirname(env.webServer), parameters: [env.webServer], address }
  }
  const next = createRequire(require.resolve('@landfall/web/package.json')).resolve('next/dist/bin/next')
  return { cwd: APP_DIR, parameters: [next, 'start', '--port', String(port)], address: {} }
}

async function untilReady(port: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`, { signal }).catch(() => undefined)
    signal.throwIfAborted()
    if (answer?.ok) return
    if (Date.now() > deadline) throw new Error(`The site did not answer within ${READY_WITHIN_MS / 1000} s.`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  // It lets go of who waits for news and finishes what arrives; nobody waits longer than this for the rest.
  const kill = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS)
  await ended
  clearTimeout(kill)
}
