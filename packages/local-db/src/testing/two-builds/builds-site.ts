import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BatchEnvelope, Operation, OperationResult } from '@landfall/contract'
import { readLocalDbAsset } from '../../assets/index.ts'
import { LocalSchemaQueryError, localSchemaAnswer } from '../../assets/local-schema-answer.ts'
import type { BuiltBuild } from './build-of-chain.ts'

/** A site in the middle of a deploy: pages of any build are in somebody's cache, one build's server answers. */
export interface BuildsSite {
  origin: string
  /** Whose server answers. */
  deployed: string
  /** Paths under which nothing answers. Pages and files are there all the same, as from a service worker's caches. */
  away: '/api/' | '/api/sync/' | null
  /** Every operation that arrived, in order. */
  arrived: Operation[]
  /** Payload keys of notes that the deployed server takes. */
  noteKeys: readonly string[]
  /** Answers to questions about the schema, by status of HTTP. */
  schemaAnswers: number[]
  /** Answers in the place of the schema route, when set. */
  schemaBody: string | undefined
  close(): Promise<void>
}

/** `/old` is the page of the build `old`. */
export async function startBuildsSite(builds: Readonly<Record<string, BuiltBuild>>): Promise<BuildsSite> {
  const known = new Map<string, OperationResult>()

  function answer(operation: Operation): OperationResult {
    const first = known.get(operation.opId)
    if (first) return first.outcome === 'applied' ? { ...first, outcome: 'duplicate' } : first
    site.arrived.push(operation)
    const isKnown = Object.keys(operation.payload).every((key) => site.noteKeys.includes(key))
    const result: OperationResult = isKnown
      ? { opId: operation.opId, outcome: 'applied', txid: 1_000 + known.size, version: 1 }
      : { opId: operation.opId, outcome: 'rejected', reason: 'field_not_allowed' }
    known.set(operation.opId, result)
    return result
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const build = builds[url.pathname.slice(1)]
    if (build) {
      response.setHeader('content-type', 'text/html')
      response.end(
        `<!doctype html><title>${url.pathname}</title><script type="module" src="${url.pathname}.js"></script>`,
      )
      return
    }
    const script = builds[/^\/(\w+)\.js$/.exec(url.pathname)?.[1] ?? '']
    if (script) return void response.setHeader('content-type', 'text/javascript').end(script.pageScript)
    if (site.away && url.pathname.startsWith(site.away)) return void request.socket.destroy()
    if (url.pathname === '/api/sync/batch') return takeBatch(request, response)
    if (url.pathname === '/api/local-schema') return answerSchema(url, response)
    const name = /^\/assets\/local-db\/([^/]+)$/.exec(url.pathname)?.[1] ?? ''
    for (const { directory } of Object.values(builds)) {
      const asset = await readLocalDbAsset(name, request.headers['accept-encoding'] ?? null, directory)
      if (asset) return void response.writeHead(200, asset.headers).end(asset.body)
    }
    response.writeHead(404).end()
  }

  async function takeBatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return void response.writeHead(405).end()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { operations } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as BatchEnvelope
    const body = {
      protocol: 1,
      requestId: 'request-1',
      serverTime: new Date().toISOString(),
      results: operations.map(answer),
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  }

  async function answerSchema(url: URL, response: ServerResponse): Promise<void> {
    const say = (status: number, text: string) => {
      site.schemaAnswers.push(status)
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-cache' }).end(text)
    }
    if (site.schemaBody !== undefined) return say(200, site.schemaBody)
    const directory = builds[site.deployed]?.directory
    try {
      say(200, JSON.stringify((await localSchemaAnswer(url.searchParams, directory)).body))
    } catch (error) {
      say(error instanceof LocalSchemaQueryError ? 400 : 503, '{}')
    }
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const site: BuildsSite = {
    origin: `http://localhost:${port}`,
    deployed: Object.keys(builds)[0] ?? '',
    away: null,
    arrived: [],
    noteKeys: [],
    schemaAnswers: [],
    schemaBody: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return site
}
