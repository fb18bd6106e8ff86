import type { ServerResponse } from 'node:http'
import type { RouteHandler } from './test-site.ts'

type Row = Record<string, string | null>

/**
 * A shape endpoint of one table that can be told to fail. Only what the client asks of a healthy server, and the faults
 * that a real one can't be made to show: see `packages/shape-server` for the protocol in full.
 */
export class FakeShape {
  #incarnation = 1
  #lsn = 100
  #snapshot: Row[]
  #log: { lsn: number; operation: 'insert' | 'update'; row: Row }[] = []
  #waiting = new Set<() => void>()
  readonly #key: string
  /** Status to answer instead, when set. */
  refuseWith: number | undefined
  /** Page to answer instead, as a network does that wants a sign-in first. */
  portal: string | undefined
  /** Whether requests are taken and never answered. */
  isSwallowing = false
  requests: { offset: string; handle: string | null; headers: Record<string, unknown> }[] = []

  constructor(key: string, rows: Row[] = []) {
    this.#key = key
    this.#snapshot = rows
  }

  change(operation: 'insert' | 'update', row: Row): void {
    this.#lsn++
    this.#log.push({ lsn: this.#lsn, operation, row })
    this.#wake()
  }

  /** The log can't be continued: a new incarnation with these rows, at the same log position. */
  rotate(rows: Row[]): void {
    this.#incarnation++
    this.#snapshot = rows
    this.#log = []
    this.#wake()
  }

  /** What the snapshot holds from now on; nobody is told. */
  mend(rows: Row[]): void {
    this.#snapshot = rows
  }

  handler: RouteHandler = async (request, url, response) => {
    const query = url.searchParams
    const offset = query.get('offset') ?? ''
    this.requests.push({ offset, handle: query.get('handle'), headers: request.headers })
    if (this.isSwallowing) return
    if (this.portal) return void response.writeHead(200, { 'content-type': 'text/html' }).end(this.portal)
    if (this.refuseWith) {
      const type = { 'content-type': 'application/problem+json' }
      return void response.writeHead(this.refuseWith, type).end('{"title":"refused"}')
    }
    if (offset === '-1')
      return this.#answer(
        response,
        '0_0',
        this.#snapshot.map((row) => this.#message('insert', row)),
      )
    if (query.get('handle') !== this.#handle) return this.#mustRefetch(response)
    const from = offset.startsWith('0_') ? 0 : Number(offset.split('_')[0])
    if (query.get('live') === 'true' && !this.#after(from).length) await this.#nextChange(response)
    if (response.destroyed) return
    if (query.get('handle') !== this.#handle) return this.#mustRefetch(response)
    const messages: object[] = this.#after(from).map(({ lsn, operation, row }) =>
      this.#message(operation, row, { lsn: String(lsn), op_position: 0, txids: [lsn], last: true }),
    )
    messages.push({ headers: { control: 'up-to-date', global_last_seen_lsn: String(this.#lsn) } })
    const end = this.#log.at(-1)?.lsn
    this.#answer(response, end ? `${end}_0` : '0_inf', messages, { 'electric-up-to-date': '', 'electric-cursor': '1' })
  }

  get #handle(): string {
    return `shape-${this.#incarnation}`
  }

  #after(lsn: number) {
    return this.#log.filter((entry) => entry.lsn > lsn)
  }

  #message(operation: string, row: Row, headers: object = {}): object {
    return {
      key: `"public"."table"/"${row[this.#key]}"`,
      value: row,
      headers: { operation, relation: ['public', 'table'], ...headers },
    }
  }

  #answer(response: ServerResponse, offset: string, body: object[], headers: Record<string, string> = {}): void {
    response
      .writeHead(200, {
        'content-type': 'application/json',
        // As the real one allows: a client that reads its cache here would never see the new incarnation.
        'cache-control': 'public, max-age=604800',
        'electric-handle': this.#handle,
        'electric-offset': offset,
        'electric-schema': '{}',
        ...headers,
      })
      .end(JSON.stringify(body))
  }

  #mustRefetch(response: ServerResponse): void {
    response
      .writeHead(409, { 'content-type': 'application/json', 'electric-handle': this.#handle })
      .end('[{"headers":{"control":"must-refetch"}}]')
  }

  #nextChange(response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        resolve()
      }
      this.#waiting.add(wake)
      response.on('close', wake)
    })
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
  }
}
