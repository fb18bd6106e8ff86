import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromiumLaunchOptions } from '@landfall/chromium'
import type { BatchEnvelope } from '@landfall/contract'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright'

export interface TestSite {
  origin: string
  /** Operation ids in the order in which they arrived. */
  received: string[]
  /** Status of the next answers; 200 when there is none. */
  statuses: number[]
  close(): Promise<void>
}

/** A site on localhost (a secure context) whose one page holds the outbox, and whose batch route applies everything once. */
export async function startTestSite(): Promise<TestSite> {
  const bundled = await build({
    entryPoints: [fileURLToPath(new URL('./browser-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'warning',
  })
  const script = bundled.outputFiles[0]?.text ?? ''
  const applied = new Set<string>()
  const server = createServer(async (request, response) => {
    if (request.url === '/page.js') return response.setHeader('content-type', 'text/javascript').end(script)
    if (request.url !== '/api/sync/batch') {
      return response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script type="module" src="/page.js"></script>')
    }
    const { operations } = JSON.parse(await bodyOf(request)) as BatchEnvelope
    const status = site.statuses.shift() ?? 200
    if (status !== 200)
      return response.writeHead(status, { 'content-type': 'application/json' }).end('{"title":"Not now"}')
    const results = operations.map(({ opId }) => {
      const outcome = applied.has(opId) ? 'duplicate' : 'applied'
      applied.add(opId)
      site.received.push(opId)
      return { opId, outcome, txid: 1, version: 1 }
    })
    const answer = { protocol: 1, requestId: 'r', serverTime: new Date().toISOString(), results }
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const site: TestSite = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    received: [],
    statuses: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return site
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(chromiumLaunchOptions())
}

/** Opens the page of the site in the browser's first context, so that all tabs share its storage. */
export async function openTab(browser: Browser, site: TestSite): Promise<Page> {
  const context = browser.contexts()[0] ?? (await browser.newContext())
  const page = await context.newPage()
  await page.goto(site.origin)
  await page.waitForFunction(() => 'testPage' in window)
  return page
}
