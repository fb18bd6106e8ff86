import type { ServerResponse } from 'node:http'
import type { RouteHandler } from './test-site.ts'

type Row = Record<string, string | null>
type Operation = 'insert' | 'update' | 'delete'

interface LogEntry {
  lsn: number
  position: number
  isLast: boolean
  operation: Operation
  row: Row
}

/**
 * A shape endpoint of one table that can be told to fail. Only what the client asks of a healthy server, and the faults
 * that a real one can't be made to show: see `packages/shape-server` for the protocol in full.
 */
export class FakeShape {
  #incarnation = 1
  #lsn = 100
  #cursor = 0
  #snapshot: Row[]
  #log: LogEntry[] = []
  #waiting = new Set<() => void>()
  readonly #key: string
  /** Status to answer instead, when set. */
  refuseWith: number | undefined
  /** Page to answer instead, as a network does that wants a sign-in first. */
  portal: string | undefined
  /** Whether requests are taken and never answered. */
  isSwallowing = false
  /** Rows an answer of the snapshot holds; all of them when not set. */
  snapshotRowsPerAnswer = Number.POSITIVE_INFINITY
  /** Changes that an answer of the log holds: also fewer than a transaction has. */
  changesPerAnswer = Number.POSITIVE_INFINITY
  /** What the snapshot saw, if the server says so. */
  visibility: { xmin: string; xmax: string; xip_list: string[] } | undefined
  requests: { offset: string; handle: string | null; headers: Record<string, unknown> }[] = []

  constructor(key: string, rows: Row[] = []) {
    this.#key = key
    this.#snapshot = rows
  }

  change(operation: Operation, row: Row): void {
    this.transaction([[operation, row]])
  }

  /** Several changes of one transaction; its number is its log position. */
  transaction(changes: readonly (readonly [Operation, Row])[]): void {
    this.#lsn++
    changes.forEach(([operation, row], place) => {
      const isLast = place === changes.length - 1
      this.#log.push({ lsn: this.#lsn, position: 2 * place, isLast, operation, row })
    })
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
    if (offset === '-1') return this.#answerSnapshot(response, 0)
    if (query.get('handle') !== this.#handle) return this.#mustRefetch(response)
    const [first = 0, second = 0] = offset.split('_').map(Number)
    const snapshotAt = (second + 1) * this.snapshotRowsPerAnswer
    if (first === 0 && snapshotAt < this.#snapshot.length) return this.#answerSnapshot(response, second + 1)
    const isAfter = (entry: LogEntry) => entry.lsn > first || (entry.lsn === first && entry.position > second)
    if (query.get('live') === 'true' && !this.#log.some(isAfter)) await this.#nextChange(response)
    if (response.destroyed) return
    if (query.get('handle') !== this.#handle) return this.#mustRefetch(response)
    const rest = this.#log.filter(isAfter)
    const sent = rest.slice(0, this.changesPerAnswer)
    const messages: object[] = sent.map(({ lsn, position, isLast, operation, row }) => {
      const last = isLast ? { last: true } : {}
      return this.#message(operation, row, { lsn: String(lsn), op_position: position, txids: [lsn], ...last })
    })
    const end = sent.at(-1) ?? this.#log.at(-1)
    const at = end ? `${end.lsn}_${end.position}` : '0_inf'
    if (sent.length < rest.length) return this.#answer(response, at, messages)
    messages.push({ headers: { control: 'up-to-date', global_last_seen_lsn: String(this.#lsn) } })
    // Only who waits gets a cursor; without one that grows the client takes an answer for an old one of a cache.
    this.#cursor += 1
    const cursor: Record<string, string> =
      query.get('live') === 'true' ? { 'electric-cursor': String(this.#cursor) } : {}
    this.#answer(response, at, messages, { 'electric-up-to-date': '', ...cursor })
  }

  #answerSnapshot(response: ServerResponse, part: number): void {
    const size = Math.min(this.snapshotRowsPerAnswer, this.#snapshot.length)
    const rows = this.#snapshot.slice(part * size, (part + 1) * size)
    const messages: object[] = rows.map((row) => this.#message('insert', row))
    if (this.visibility && (part + 1) * size >= this.#snapshot.length) {
      messages.push({ headers: { control: 'snapshot-end', ...this.visibility } })
    }
    this.#answer(response, `0_${part}`, messages)
  }

  get #handle(): string {
    return `shape-${this.#incarnation}`
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
