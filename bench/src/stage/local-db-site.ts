import { readFile } from 'node:fs/promises'
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { localDbManifest, localSchemaAnswer, readLocalDbAsset } from '@landfall/local-db/assets'
import { LANDFALL_PATH, LEADS_COPY_PATH, LEADS_SHAPE_PATH, PLAIN_PGLITE_PATH } from '../contenders/local-db/paths.ts'
import { LEADS_TABLE } from '../sample/lead-row.ts'
import { bundleModules } from './bundle.ts'

export interface LocalDbSite {
  origin: string
  /** Where the shape of the leads comes from, and what Postgres' COPY prints of the same rows. */
  source: { shapeServerUrl: string; copyText: Buffer } | undefined
  /** Bytes of all answers' bodies since it was asked last. */
  takeSentBytes(): number
  close(): Promise<void>
}

interface Answer {
  body: Uint8Array | string
  headers: Record<string, string>
}

/** As the build of the local database compresses its files. */
const BROTLI_QUALITY = 9
const TYPES: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm' }
const LOCAL_SCHEMA_PATH = '/api/local-schema'
const FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' }

/** A site on localhost with the files of the local database as the app serves them, PGlite as published, and a shape. */
export async function startLocalDbSite(): Promise<LocalDbSite> {
  const [scripts, manifest] = await Promise.all([
    bundleModules('../contenders/local-db/local-db-page.ts'),
    localDbManifest(),
  ])
  const html = `<!doctype html><title>bench</title><script type="module">
    globalThis.localDbWorkerUrl = '${LANDFALL_PATH}${manifest.worker}'; await import('/local-db-page.js')</script>`
  const answers = new Map<string, Promise<Answer | undefined>>()
  const compressed = (path: string, read: () => Promise<Buffer | string | undefined>) => {
    const made = answers.get(path) ?? read().then((content) => (content ? compress(path, content) : undefined))
    answers.set(path, made)
    return made
  }

  const answer = async ({ pathname: path, searchParams }: URL): Promise<Answer | undefined> => {
    if (path === '/') return { body: html, headers: { 'content-type': 'text/html' } }
    if (path === LOCAL_SCHEMA_PATH) {
      const { body } = await localSchemaAnswer(searchParams)
      return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    }
    if (path === LEADS_COPY_PATH) return { body: site.source?.copyText ?? '', headers: {} }
    if (path.startsWith(LANDFALL_PATH)) return readLocalDbAsset(path.slice(LANDFALL_PATH.length), 'br')
    if (path.startsWith(PLAIN_PGLITE_PATH)) {
      const name = path.slice(PLAIN_PGLITE_PATH.length)
      // The same bytes from the same file for both.
      const asset = manifest.files.find((file) => /\.(wasm|data)$/.test(name) && file.name.endsWith(extension(name)))
      if (asset && name !== 'initdb.wasm') return readLocalDbAsset(asset.name, 'br')
      return compressed(path, () => readPublished(name))
    }
    return compressed(path, async () => scripts.get(path.slice(1)))
  }

  let sentBytes = 0
  const server = createServer(async (request, response) => {
    // Isolated, a page has a clock of 5 µs instead of 100 µs.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === LEADS_SHAPE_PATH && site.source)
      return proxy(site.source.shapeServerUrl, url, request, response)
    const found = await answer(url)
    if (!found) return response.writeHead(404).end()
    sentBytes += Buffer.byteLength(found.body)
    response.writeHead(200, found.headers).end(found.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const site: LocalDbSite = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    source: undefined,
    takeSentBytes() {
      const bytes = sentBytes
      sentBytes = 0
      return bytes
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return site
}

const extension = (name: string): string => name.slice(name.lastIndexOf('.'))
const brotli = promisify(brotliCompress)

async function readPublished(name: string): Promise<Buffer | undefined> {
  const folder = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))
  return /^[\w./-]+$/.test(name) ? readFile(join(folder, name)).catch(() => undefined) : undefined
}

async function compress(path: string, content: Buffer | string): Promise<Answer> {
  const body = await brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
  const type = TYPES[extension(path).slice(1)] ?? 'application/octet-stream'
  return { body, headers: { 'content-type': type, 'content-encoding': 'br', ...FOR_EVER } }
}

/** What the app's proxy does: the table is the server's word, the rest is the protocol's. */
function proxy(shapeServerUrl: string, url: URL, request: IncomingMessage, response: ServerResponse): void {
  url.searchParams.set('table', LEADS_TABLE)
  const outgoing = ask(`${shapeServerUrl}/v1/shape${url.search}`, (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.headers)
    incoming.pipe(response)
  })
  outgoing.once('error', () => response.destroy())
  // A device that went away waits for no news.
  response.once('close', () => outgoing.destroy())
  request.resume()
  outgoing.end()
}
