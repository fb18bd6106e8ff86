import { type Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

export type Transport = 'long-poll' | 'events'

export interface LiveClientOptions {
  agent: Agent
  /** Address with the parameters of the shape. */
  url: string
  transport: Transport
  /** With the mark of the last row of an answer, as soon as the whole of it is there. */
  onMark(mark: string): void
  /** A request for changes is on its way, and has ended. */
  onWaiting(): void
  onAnswered(): void
}

const MARK = Buffer.from('"sent":"')

/** Follows a shape with as little work as possible: answers are searched for a mark and not parsed. */
export class LiveClient {
  readonly #options: LiveClientOptions
  #position = 'offset=-1'
  #isClosed = false

  constructor(options: LiveClientOptions) {
    this.#options = options
  }

  /** Resolves when all that was there has been read. */
  async catchUp(): Promise<void> {
    for (let isBehind = true; isBehind; ) {
      const { headers } = await this.#ask('')
      isBehind = this.#position === 'offset=-1' || headers['electric-up-to-date'] === undefined
      this.#goOn(headers)
      if (headers['electric-handle'] === '1') return
    }
  }

  /** Waits for changes until it is closed. */
  async follow(): Promise<void> {
    while (!this.#isClosed) {
      const isEvents = this.#options.transport === 'events'
      const { headers, mark } = await this.#ask(isEvents ? '&live=true&live_sse=true' : '&live=true').catch((error) => {
        if (this.#isClosed) return { headers: {}, mark: undefined }
        throw error
      })
      this.#options.onAnswered()
      if (!isEvents) this.#goOn(headers)
      if (mark !== undefined) this.#options.onMark(mark)
    }
  }

  close(): void {
    this.#isClosed = true
  }

  #goOn(headers: IncomingMessage['headers']): void {
    const cursor = headers['electric-cursor']
    const handle = encodeURIComponent(String(headers['electric-handle']))
    this.#position = `handle=${handle}&offset=${headers['electric-offset']}${cursor ? `&cursor=${cursor}` : ''}`
  }

  async #ask(extra: string): Promise<{ headers: IncomingMessage['headers']; mark: string | undefined }> {
    for (;;) {
      const answer = await this.#request(`${this.#options.url}&${this.#position}${extra}`, extra)
      if (answer.status === 200) return answer
      if (answer.status !== 503) throw new Error(`the server answered ${answer.status}`)
      await delay(Number(answer.headers['retry-after'] ?? 1) * 1_000)
    }
  }

  #request(url: string, extra: string) {
    const { agent, onMark, onWaiting, transport } = this.#options
    return new Promise<{ status: number; headers: IncomingMessage['headers']; mark: string | undefined }>(
      (resolve, reject) => {
        const outgoing = request(url, { agent }, (incoming) => {
          let mark: string | undefined
          let rest: Buffer = Buffer.alloc(0)
          incoming.on('data', (chunk: Buffer) => {
            const found = lastMark(Buffer.concat([rest, chunk])) ?? mark
            rest = chunk.subarray(-64)
            if (found !== undefined && found !== mark && transport === 'events' && extra !== '') onMark(found)
            mark = found
          })
          incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, mark }))
          incoming.once('error', reject)
        })
        outgoing.once('error', reject)
        outgoing.end(() => {
          if (extra !== '') onWaiting()
        })
      },
    )
  }
}

function lastMark(bytes: Buffer): string | undefined {
  const start = bytes.lastIndexOf(MARK)
  const end = start < 0 ? -1 : bytes.indexOf('"', start + MARK.length)
  return end < 0 ? undefined : bytes.toString('latin1', start + MARK.length, end)
}
