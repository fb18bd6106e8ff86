import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { BACKGROUND_SYNC_WORKER_PATH } from '../contenders/device/background-sync.ts'
import { PGLITE_PATH } from '../contenders/device/pglite.ts'
import { BATCH_PATH } from '../sample/request.ts'
import { bareAnswer } from './bare-answer.ts'
import { bundle } from './bundle.ts'

export interface BenchSite {
  origin: string
  /** Address of an empty page on which the queues may be opened. */
  pageUrl: string
  close(): Promise<void>
}

const TYPES: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm' }

/** A site on localhost, which browsers take for a secure context: an empty page, and a batch route that stores nothing. */
export async function startBenchSite(): Promise<BenchSite> {
  const serviceWorker = await bundle('../contenders/device/background-sync-worker.ts')
  const pgliteDir = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))

  const server = createServer(async (request, response) => {
    // Isolated, a page has a clock of 5 µs instead of 100 µs.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (path === BATCH_PATH) {
      response.setHeader('content-type', 'application/json')
      return response.end(JSON.stringify(bareAnswer(await readText(request))))
    }
    if (path === '/') {
      response.setHeader('content-type', 'text/html')
      return response.end('<!doctype html><title>bench</title>')
    }
    if (path === BACKGROUND_SYNC_WORKER_PATH) {
      response.setHeader('content-type', 'text/javascript')
      return response.end(serviceWorker)
    }
    const file = path.startsWith(PGLITE_PATH) ? path.slice(PGLITE_PATH.length) : undefined
    const content = file && /^[\w.-]+$/.test(file) ? await readFile(join(pgliteDir, file)).catch(() => null) : null
    if (!file || !content) return response.writeHead(404).end()
    response.setHeader('content-type', TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
    response.end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    pageUrl: `${origin}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
