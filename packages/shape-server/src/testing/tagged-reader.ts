import type { ShapeServer } from '../shape-server.ts'
import { ask, type Message, type Reply } from './shape-reader.ts'

interface TaggedRow {
  value: Record<string, string | null>
  tags: string[]
  conditions: boolean[]
}

interface Pattern {
  pos: number
  value: string
}

const POLL_MS = 20

/**
 * Follows a shape whose where clause has subqueries by the rules of the protocol: a row is there as long as all the
 * conditions of one of its tags are active. As strict as a client that has no other source.
 */
export class TaggedReader {
  readonly rows = new Map<string, TaggedRow>()
  readonly messages: Message[] = []
  refetches = 0
  handle = ''
  offset = '-1'
  position = 0n
  readonly #server: Pick<ShapeServer, 'url'>
  readonly #query: Record<string, string>

  constructor(server: Pick<ShapeServer, 'url'>, query: Record<string, string>) {
    this.#server = server
    this.#query = query
  }

  /** All but the up-to-dates. */
  get moves(): Message[] {
    return this.messages.filter(({ headers }) => headers.control !== 'up-to-date')
  }

  /** Reads on until the log has everything up to this position, and no more. */
  async readTo(position: bigint, deadlineMs = Date.now() + 20_000): Promise<void> {
    for (;;) {
      const reply = await this.next()
      if (reply.headers.has('electric-up-to-date') && this.position >= position) return
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      if (Date.now() > deadlineMs) throw new Error(`no up-to-date at ${position}, only at ${this.position}`)
    }
  }

  async next(extra: Record<string, string> = {}): Promise<Reply> {
    const from: Record<string, string> =
      this.offset === '-1' ? { offset: '-1' } : { offset: this.offset, handle: this.handle, ...extra }
    const reply = await ask(this.#server, { ...this.#query, ...from })
    if (reply.status === 409) {
      this.rows.clear()
      this.offset = '-1'
      this.refetches += 1
      return reply
    }
    // The database is away for a moment.
    if (reply.status === 503) return reply
    if (reply.status !== 200) throw new Error(`status ${reply.status}: ${JSON.stringify(reply.json)}`)
    this.handle = reply.headers.get('electric-handle') ?? ''
    this.offset = reply.headers.get('electric-offset') ?? ''
    for (const message of reply.messages) this.#apply(message)
    return reply
  }

  #apply(message: Message): void {
    const { key = '', value = {}, headers } = message
    this.messages.push(message)
    const reasons = () => ({ tags: headers.tags as string[], conditions: headers.active_conditions as boolean[] })
    const known = this.rows.get(key)
    switch (headers.operation) {
      case 'insert':
        if (known) throw new Error(`${key} was inserted twice`)
        this.rows.set(key, { value, ...reasons() })
        break
      case 'update': {
        if (!known) throw new Error(`${key} was updated before it was there`)
        const removed = (headers.removed_tags ?? []) as string[]
        if (removed.some((tag) => !known.tags.includes(tag))) throw new Error(`${key} never had ${removed}`)
        this.rows.set(key, { value: { ...known.value, ...value }, ...reasons() })
        break
      }
      case 'delete':
        if (!this.rows.delete(key)) throw new Error(`${key} was deleted before it was there`)
        break
    }
    if (headers.event) this.#move(headers.event === 'move-in', headers.patterns as Pattern[])
    if (headers.control === 'up-to-date') this.position = BigInt(headers.global_last_seen_lsn as string)
    for (const [shown, row] of operationRows(this.rows, key)) {
      if (!isVisible(row)) throw new Error(`${shown} is sent without a reason: ${JSON.stringify(row)}`)
    }
  }

  #move(isActive: boolean, patterns: Pattern[]): void {
    for (const { pos, value } of patterns) {
      for (const [key, row] of this.rows) {
        if (!row.tags.some((tag) => tag.split('/')[pos] === value)) continue
        row.conditions[pos] = isActive
        if (!isVisible(row)) this.rows.delete(key)
      }
    }
  }
}

const operationRows = (rows: Map<string, TaggedRow>, key: string): [string, TaggedRow][] => {
  const row = rows.get(key)
  return row ? [[key, row]] : []
}

/** Parts of a tag that are empty do not count for its alternative. */
const isVisible = ({ tags, conditions }: TaggedRow) =>
  tags.some((tag) => tag.split('/').every((part, place) => part === '' || conditions[place]))
