import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumLaunchOptions } from '@landfall/chromium'
import { type Browser, chromium, type Page } from '@playwright/test'

const START_WITHIN_MS = 30_000

/** A real browser with a profile on disk, which can be killed as a phone dies, and started again on what is left. */
export class KillableBrowser {
  readonly profile: string
  #process: ChildProcess | undefined
  #browser: Browser | undefined

  private constructor(profile: string) {
    this.profile = profile
  }

  static async create(): Promise<KillableBrowser> {
    return new KillableBrowser(await mkdtemp(join(tmpdir(), 'landfall-profile-')))
  }

  async start(): Promise<Page> {
    const portFile = join(this.profile, 'DevToolsActivePort')
    await rm(portFile, { force: true })
    const { executablePath, args } = chromiumLaunchOptions()
    this.#process = spawn(
      executablePath ?? chromium.executablePath(),
      [
        ...args,
        '--headless=new',
        '--remote-debugging-port=0',
        `--user-data-dir=${this.profile}`,
        // A killed browser would ask whether to restore its pages.
        '--hide-crash-restore-bubble',
        'about:blank',
      ],
      { stdio: 'ignore', detached: true },
    )
    const port = await readWhenThere(portFile)
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const [context] = this.#browser.contexts()
    if (!context) throw new Error('the browser has no context')
    return context.newPage()
  }

  /** SIGKILL to the browser and all its processes: nobody gets to write anything more. */
  async kill(): Promise<void> {
    const running = this.#process
    // One that was killed has told of its end already, and would never tell it again.
    this.#process = undefined
    if (running?.pid === undefined) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    process.kill(-running.pid, 'SIGKILL')
    await ended
    await this.#browser?.close().catch(() => {})
    await rm(join(this.profile, 'SingletonLock'), { force: true })
  }

  async remove(): Promise<void> {
    await this.kill().catch(() => {})
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function readWhenThere(file: string): Promise<string> {
  const deadline = Date.now() + START_WITHIN_MS
  for (;;) {
    const [port] = (await readFile(file, 'utf8').catch(() => '')).split('\n')
    if (port) return port
    if (Date.now() > deadline) throw new Error('the browser did not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
