import { type Message as ClientMessage, isChangeMessage, isControlMessage } from '@electric-sql/client'

export type Cell = string | null | Cell[]
export type BookRow = Record<string, Cell>
export type Message = ClientMessage<BookRow>
type ChangeMessage = Extract<Message, { key: string }>

export interface BookRules {
  replica: 'default' | 'full'
  /** Columns that stand in every update, changed or not. */
  key: readonly string[]
  /** The rows come from elsewhere, so changes may concern rows that were never there. */
  isPartial: boolean
  /** Whether the end of the last transaction may come again, as it does after a stream of events. */
  mayRepeat: boolean
  /** The sum of `amount` at every up-to-date. */
  sum: number | undefined
}

export interface BookCounts {
  snapshotRows: number
  changes: number
  upToDates: number
  refetches: number
  oldValues: number
  sums: number
}

const TRAIL = 400

/**
 * The rows of a reader, kept by the documented rules and no mercy: whatever a client could not place, or a promise that
 * the log breaks, is noted as a finding.
 */
export class RowBook {
  readonly rows = new Map<string, BookRow>()
  readonly findings: string[] = []
  readonly counts: BookCounts = { snapshotRows: 0, changes: 0, upToDates: 0, refetches: 0, oldValues: 0, sums: 0 }
  /** The last messages, to be printed beside a finding. */
  readonly trail: string[] = []
  /** Position of the last up-to-date. */
  seenLsn = -1n
  readonly #rules: BookRules
  #position: { lsn: bigint; operation: bigint } = { lsn: -1n, operation: -1n }
  /** The transaction whose last change has not come yet. */
  #open: bigint | undefined

  constructor(rules: BookRules) {
    this.#rules = rules
  }

  apply(messages: readonly Message[]): void {
    for (const message of messages) {
      this.trail.push(JSON.stringify(message))
      if (isChangeMessage(message)) this.#change(message)
      else if (isControlMessage(message)) this.#control(message)
    }
    this.trail.splice(0, this.trail.length - TRAIL)
  }

  /** Forgets everything: what follows is another log, or this one from its beginning. */
  clear(): void {
    this.rows.clear()
    this.#position = { lsn: -1n, operation: -1n }
    this.#open = undefined
    this.seenLsn = -1n
    this.trail.push('(cleared)')
  }

  #find(text: string): void {
    this.trail.push(`(found: ${text})`)
    // One wrong message leads to many; the first ones tell which.
    if (this.findings.length < 5) this.findings.push(text)
  }

  #control({ headers }: Extract<Message, { headers: { control: string } }>): void {
    switch (headers.control) {
      case 'up-to-date':
        this.#upToDate(BigInt(String(headers.global_last_seen_lsn ?? -1)))
        return
      case 'must-refetch':
        this.counts.refetches += 1
        this.clear()
        return
      default:
        return
    }
  }

  #upToDate(lsn: bigint): void {
    this.counts.upToDates += 1
    if (this.#open !== undefined && !this.#rules.isPartial)
      this.#find(`up-to-date in the middle of transaction ${this.#open}`)
    if (lsn < this.seenLsn) this.#find(`the position of up-to-date went back from ${this.seenLsn} to ${lsn}`)
    if (lsn < this.#position.lsn) this.#find(`up-to-date at ${lsn}, before the change at ${this.#position.lsn}`)
    this.seenLsn = lsn
    if (this.#rules.sum === undefined || this.#rules.isPartial) return
    const sum = [...this.rows.values()].reduce((total, { amount }) => total + Number(amount), 0)
    this.counts.sums += 1
    if (sum !== this.#rules.sum) this.#find(`half a transaction: amounts sum up to ${sum} at up-to-date ${lsn}`)
  }

  #change(message: ChangeMessage): void {
    const { lsn } = message.headers
    if (typeof lsn !== 'string') {
      this.counts.snapshotRows += 1
    } else {
      this.counts.changes += 1
      if (!this.#proceed(BigInt(lsn), message)) return
    }
    this.#place(message)
  }

  /** Moves on to the position of the change; false when the change is known already. */
  #proceed(lsn: bigint, { headers, key }: ChangeMessage): boolean {
    const operation = BigInt(Number(headers.op_position))
    const last = this.#position
    if (lsn < last.lsn || (lsn === last.lsn && operation <= last.operation)) {
      if (!this.#rules.mayRepeat || lsn !== last.lsn) {
        this.#find(`${key} at ${lsn}_${operation} came after ${last.lsn}_${last.operation}`)
      }
      return false
    }
    // Of a partial book the client itself leaves changes out.
    if (this.#open !== undefined && this.#open !== lsn && !this.#rules.isPartial) {
      this.#find(`transaction ${this.#open} ended without a last change`)
    }
    if (this.#open === undefined && lsn === last.lsn && !this.#rules.isPartial) {
      this.#find(`${key} at ${lsn}_${operation} came after the last change of its transaction`)
    }
    if (!Array.isArray(headers.txids) || headers.txids.length === 0) this.#find(`${key} at ${lsn} has no txids`)
    this.#position = { lsn, operation }
    this.#open = headers.last === true ? undefined : lsn
    return true
  }

  #place({ key, value, old_value, headers }: ChangeMessage): void {
    const held = this.rows.get(key)
    const { isPartial } = this.#rules
    switch (headers.operation) {
      case 'insert':
        if (held && !isPartial) this.#find(`${key} was inserted twice`)
        this.rows.set(key, value)
        return
      case 'update':
        if (!held && !isPartial) this.#find(`${key} was updated before it was there`)
        if (!held) return
        if (!isPartial) this.#checkUpdate(key, held, value, old_value)
        this.rows.set(key, { ...held, ...value })
        return
      case 'delete':
        if (!held && !isPartial) this.#find(`${key} was deleted before it was there`)
        if (held && !isPartial && this.#rules.replica === 'full' && !isSame(held, value)) {
          this.#find(`${key} was deleted as ${JSON.stringify(value)} and is held as ${JSON.stringify(held)}`)
        }
        this.rows.delete(key)
        return
    }
  }

  #checkUpdate(key: string, held: BookRow, value: BookRow, old: Partial<BookRow> | undefined): void {
    const isFull = this.#rules.replica === 'full'
    if (isFull && Object.keys(held).some((name) => !(name in value))) this.#find(`an update of ${key} is not whole`)
    for (const [name, cell] of Object.entries(value)) {
      const hasChanged = JSON.stringify(cell) !== JSON.stringify(held[name])
      if (!isFull) {
        if (!hasChanged && !this.#rules.key.includes(name)) this.#find(`${key}: ${name} was sent and has not changed`)
        continue
      }
      this.counts.oldValues += 1
      if (hasChanged !== (old !== undefined && name in old)) this.#find(`${key}: old_value is wrong about ${name}`)
      else if (hasChanged && JSON.stringify(old?.[name]) !== JSON.stringify(held[name])) {
        this.#find(`${key}: old_value of ${name} is ${old?.[name]}, held is ${held[name]}`)
      }
    }
  }
}

const isSame = (a: BookRow, b: BookRow) =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.keys(a).every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]))
