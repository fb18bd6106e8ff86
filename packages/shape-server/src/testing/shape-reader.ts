import type { ShapeServer } from '../shape-server.ts'

export interface Message {
  key?: string
  value?: Record<string, string | null>
  old_value?: Record<string, string | null>
  headers: Record<string, unknown> & { operation?: string; control?: string; lsn?: string }
}

export interface Reply {
  status: number
  headers: Headers
  messages: Message[]
  json: unknown
}

/** One request for a shape, as a client sends it. */
export async function ask(
  server: Pick<ShapeServer, 'url'>,
  query: Record<string, string>,
  init?: RequestInit,
): Promise<Reply> {
  const response = await fetch(`${server.url}/v1/shape?${new URLSearchParams(query)}`, init)
  const text = await response.text()
  const json: unknown = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, headers: response.headers, messages: Array.isArray(json) ? json : [], json }
}

/** Follows the log of a shape by hand, keeping what a client would. */
export class ShapeReader {
  readonly rows = new Map<string, Record<string, string | null>>()
  /** Everything that came with an operation, in order. */
  readonly changes: Message[] = []
  handle = ''
  offset = '-1'
  /** Another one after a restart. */
  server: Pick<ShapeServer, 'url'>
  readonly #query: Record<string, string>

  constructor(server: Pick<ShapeServer, 'url'>, query: Record<string, string>) {
    this.server = server
    this.#query = query
  }

  /** Reads on to the end of the log. */
  async catchUp(): Promise<this> {
    for (;;) {
      const reply = await this.next()
      if (reply.headers.has('electric-up-to-date')) return this
    }
  }

  async next(extra: Record<string, string> = {}): Promise<Reply> {
    const position: Record<string, string> =
      this.offset === '-1' ? { offset: '-1' } : { offset: this.offset, handle: this.handle }
    const reply = await ask(this.server, { ...this.#query, ...position, ...extra })
    if (reply.status !== 200) throw new Error(`status ${reply.status}: ${JSON.stringify(reply.json)}`)
    this.handle = reply.headers.get('electric-handle') ?? ''
    this.offset = reply.headers.get('electric-offset') ?? ''
    for (const message of reply.messages) this.#apply(message)
    return reply
  }

  /** As strict as a client that has no other source: what it cannot place is an error of the server. */
  #apply(message: Message): void {
    const { key = '', value = {}, headers } = message
    switch (headers.operation) {
      case 'insert':
        if (this.rows.has(key)) throw new Error(`${key} was inserted twice`)
        this.rows.set(key, value)
        break
      case 'update':
        if (!this.rows.has(key)) throw new Error(`${key} was updated before it was there`)
        this.rows.set(key, { ...this.rows.get(key), ...value })
        break
      case 'delete':
        if (!this.rows.delete(key)) throw new Error(`${key} was deleted before it was there`)
        break
      default:
        return
    }
    this.changes.push(message)
  }
}
