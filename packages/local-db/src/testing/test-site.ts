import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { localDbManifest, readLocalDbAsset } from '../assets/index.ts'

/** The strictest policy that the worker and its wasm run under; the README names it. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"

export type RouteHandler = (request: IncomingMessage, url: URL, response: ServerResponse) => void | Promise<void>

export interface TestSite {
  origin: string
  /** Requests of asset names so far. */
  served: string[]
  /** Names that answer 503 while they are in here. For a browser that has none of them cached: see `isCaching`. */
  broken: Set<string>
  isCaching: boolean
  close(): Promise<void>
}

async function bundlePage(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    jsx: 'automatic',
    external: ['fs', 'fs/promises', 'node:*', 'module', 'path', 'url', 'util', 'zlib', 'crypto'],
    define: { 'process.env.NODE_ENV': '"development"' },
    logLevel: 'warning',
  })
  return result.outputFiles[0]?.text ?? ''
}

/** A site on localhost (a secure context) that serves the built assets as the app does, a page, and `routes`. */
export async function startTestSite(
  entry = './test-page.ts',
  routes: Record<string, RouteHandler> = {},
): Promise<TestSite> {
  const [script, manifest] = await Promise.all([bundlePage(entry), localDbManifest()])
  const workerUrl = `/assets/local-db/${manifest.worker}`
  const pages: Record<string, [type: string, body: string]> = {
    '/': [
      'text/html',
      '<!doctype html><title>test</title><div id="root"></div><script type="module" src="/page.js"></script>',
    ],
    '/broken-worker.js': ['text/javascript', '@@@ not a script'],
    '/page.js': ['text/javascript', `window.workerUrl = ${JSON.stringify(workerUrl)};\n${script}`],
  }

  const server = createServer(async (request, response) => {
    response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY)
    const url = new URL(request.url ?? '/', 'http://localhost')
    const page = pages[url.pathname]
    if (url.pathname === '/favicon.ico') return response.writeHead(204).end()
    if (page) return response.setHeader('content-type', page[0]).end(page[1])
    const route = routes[url.pathname]
    if (route) return route(request, url, response)
    const name = /^\/assets\/local-db\/([^/]+)$/.exec(url.pathname)?.[1]
    const asset = name && (await readLocalDbAsset(name, request.headers['accept-encoding'] ?? null))
    if (!name || !asset) return response.writeHead(404).end()
    site.served.push(name)
    if (site.broken.has(name)) return response.writeHead(503).end()
    const caching = site.isCaching ? {} : { 'cache-control': 'no-store' }
    response.writeHead(200, { ...asset.headers, ...caching }).end(asset.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const site: TestSite = {
    origin: `http://localhost:${port}`,
    served: [],
    broken: new Set(),
    isCaching: true,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return site
}
