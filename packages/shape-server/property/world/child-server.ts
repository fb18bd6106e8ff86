import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ShapeServerOptions } from '../../src/shape-server.ts'

const SCRIPT = fileURLToPath(new URL('./server-process.ts', import.meta.url))
const LOG_LINES = 200

/** A shape server that can be ended as a process ends. */
export class ChildServer {
  /** The last lines of its log, over all its lives. */
  readonly log: string[] = []
  readonly #options: ShapeServerOptions & { port: number }
  #child: ChildProcess | undefined

  constructor(options: ShapeServerOptions & { port: number }) {
    this.#options = options
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`
  }

  /** Resolves when it listens; throws with the end of its log when it ends before. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--disable-warning=DEP0204', SCRIPT, JSON.stringify(this.#options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    const isReady = new Promise<void>((resolve, reject) => {
      const onLine = (line: string) => {
        if (line === 'ready') return resolve()
        this.log.push(line)
        this.log.splice(0, this.log.length - LOG_LINES)
      }
      for (const stream of [child.stdout, child.stderr])
        if (stream) createInterface({ input: stream }).on('line', onLine)
      child.once('exit', (code) => {
        onLine(`(the process ended with ${code})`)
        reject(new Error(`the shape server ended while it started:\n${this.log.slice(-20).join('\n')}`))
      })
    })
    await isReady
  }

  /** Whether it runs as it should. */
  get isRunning(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (!child || !this.isRunning) return
    const hasEnded = once(child, 'exit')
    child.kill(signal)
    await hasEnded
  }
}
