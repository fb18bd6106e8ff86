import { type ProxyShapeOptions, proxyShape } from '../server/proxy-shape.ts'
import type { ShapeReader } from '../server/shape-definitions.ts'

export const visitor: ShapeReader = { kind: 'visitor', tenantId: 'tenant-a', clientId: 'client-a' }
export const member: ShapeReader = { kind: 'member', tenantId: 'tenant-a', userId: 'user-a' }

/** An answer as Electric gives it. */
export function answer(body: string | ReadableStream<Uint8Array> = '[]', init: ResponseInit = {}): Response {
  const { headers, ...rest } = init
  return new Response(body, {
    ...rest,
    headers: { 'electric-handle': 'h', 'electric-offset': '0_0', 'content-type': 'application/json', ...headers },
  })
}

type Send = (url: URL, init: RequestInit) => Response | Promise<Response>

/** Electric as the proxy sees it: each question is answered by `send`, and kept. */
export class ScriptedElectric {
  readonly asked: { url: URL; init: RequestInit }[] = []
  send: Send

  constructor(send: Send = () => answer()) {
    this.send = send
  }

  get parameters(): Record<string, string> {
    return Object.fromEntries(this.asked.at(-1)?.url.searchParams ?? [])
  }

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(String(input))
    this.asked.push({ url, init })
    return this.send(url, init)
  }

  /** One request through the proxy. */
  ask(query: string, changes: Partial<ProxyShapeOptions> & { reader?: ShapeReader; init?: RequestInit } = {}) {
    const { reader = visitor, init, ...options } = changes
    const name = options.name ?? (reader.kind === 'visitor' ? 'receipts' : 'leads')
    return proxyShape({
      request: new Request(`http://acme.localhost/api/shapes/${name}?${query}`, init),
      name,
      authorise: async () => reader,
      electricUrl: 'http://electric.internal:3000',
      electricSecret: 's3cret',
      fetch: this.fetch,
      ...options,
    })
  }
}

/** Waits as Electric does, until the reader leaves. */
export function waiting(init: RequestInit): Promise<never> {
  return new Promise((_, reject) => {
    const leave = () => reject(init.signal?.reason)
    if (init.signal?.aborted) leave()
    else init.signal?.addEventListener('abort', leave)
  })
}
