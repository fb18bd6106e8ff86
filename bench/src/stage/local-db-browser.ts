import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumLaunchOptions } from '@landfall/chromium'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { privateMemoryOf } from './private-memory.ts'

/** A browser with a profile on disk, on the site of the local database. */
export interface LocalDbBrowser {
  /** Another tab, its script loaded. */
  openTab(): Promise<Page>
  /** Bytes that all its pages and workers hold, after a collection in the pages. */
  memoryBytes(): Promise<number>
  /** Size of the files in which the browser keeps IndexedDB. */
  storedBytes(): Promise<number>
}

/** Runs `work` with one browser after the other on the same new profile, which is removed afterwards. */
export async function withProfile<T>(
  origin: string,
  work: (inBrowser: <R>(visit: (browser: LocalDbBrowser) => Promise<R>) => Promise<R>) => Promise<T>,
): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), 'landfall-bench-'))
  try {
    return await work(async (visit) => {
      const context = await chromium.launchPersistentContext(profile, chromiumLaunchOptions())
      try {
        return await visit(browserOf(context, profile, origin))
      } finally {
        await context.close()
      }
    })
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The same for one browser. */
export function withBrowser<T>(origin: string, visit: (browser: LocalDbBrowser) => Promise<T>): Promise<T> {
  return withProfile(origin, (inBrowser) => inBrowser(visit))
}

function browserOf(context: BrowserContext, profile: string, origin: string): LocalDbBrowser {
  const tabs: Page[] = []
  return {
    async openTab() {
      // The first one takes the tab that a browser begins with, so that no empty one is measured.
      const page = tabs.length === 0 ? (context.pages()[0] ?? (await context.newPage())) : await context.newPage()
      tabs.push(page)
      await page.goto(origin)
      await page.waitForFunction(() => 'localDbPage' in globalThis)
      return page
    },
    async memoryBytes() {
      for (const page of tabs) {
        const session = await context.newCDPSession(page)
        await session.send('HeapProfiler.collectGarbage')
        await session.detach()
      }
      return privateMemoryOf(profile)
    },
    storedBytes: () => sizeOf(join(profile, 'Default', 'IndexedDB')),
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  // One that is gone meanwhile takes nothing.
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
