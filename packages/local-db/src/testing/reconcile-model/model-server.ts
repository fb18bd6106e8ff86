import type { Operation, OperationResult, RejectionReason } from '@landfall/contract'

export interface ServerNote {
  leadId: unknown
  body: unknown
  version: number
  writeId: string | null
  /** Who made the body what it is: an edit by the same hand is no conflict. */
  bodyBy: 'me' | 'other'
}

/** What a shape brings: a row as one transaction left it, or that it went. */
export interface ServerChange {
  txid: number
  id: string
  note: ServerNote | null
}

/** What happens to the next request. */
export type Weather = 'fine' | 'answer-lost' | 'rejects' | 'puts-off'

/** Notes behind the ledger's rules: the first outcome of an operation stands, groups stand or fall together. */
export class ModelServer {
  readonly notes = new Map<string, ServerNote>()
  /** Every change in the order of commits; shapes bring them in this order. */
  readonly changes: ServerChange[] = []
  /** Operations that took effect, in the order in which they did. */
  readonly effects: Operation[] = []
  /** Everything that ever came, refused or not. */
  readonly received = new Map<string, Operation>()
  readonly #deleted = new Set<string>()
  readonly #ledger = new Map<string, { content: string; result: OperationResult }>()
  #txid = 4_294_967_290

  receive(operations: readonly Operation[], weather: Weather): OperationResult[] {
    this.#txid += 1
    for (const operation of operations) this.received.set(operation.opId, operation)
    const results = new Map<string, OperationResult>()
    let mayReject = weather === 'rejects'
    for (const unit of unitsOf(operations)) {
      const fresh = unit.filter((operation) => !this.#ledger.has(operation.opId))
      for (const operation of unit) if (!fresh.includes(operation)) results.set(operation.opId, this.#replay(operation))
      if (fresh.length === 0) continue
      if (weather === 'puts-off') {
        for (const { opId } of fresh) results.set(opId, { opId, outcome: 'retry', retryAfterMs: 1_000 })
        continue
      }
      this.#applyUnit(fresh, mayReject, results)
      mayReject = false
    }
    return operations.map(({ opId }) => results.get(opId) as OperationResult)
  }

  /** Somebody else's edit. */
  editByOther(id: string, body: string): void {
    const note = this.notes.get(id)
    if (!note) return
    this.#txid += 1
    this.#write(id, { ...note, body, version: note.version + 1, writeId: null, bodyBy: 'other' })
  }

  #applyUnit(unit: readonly Operation[], isRefused: boolean, results: Map<string, OperationResult>): void {
    const before = new Map(unit.map(({ entityId }) => [entityId, this.notes.get(entityId)]))
    const [changes, effects] = [this.changes.length, this.effects.length]
    const outcomes: OperationResult[] = []
    for (const operation of unit) {
      const { opId } = operation
      const refusal = isRefused ? 'not_allowed' : this.#refusalOf(operation)
      outcomes.push(refusal ? { opId, outcome: 'rejected', reason: refusal } : this.#apply(operation))
      if (refusal) break
    }
    const failed = outcomes.find(({ outcome }) => outcome === 'rejected')
    if (failed) {
      for (const [id, note] of before) note ? this.notes.set(id, note) : this.notes.delete(id)
      this.changes.length = changes
      this.effects.length = effects
    }
    for (const [index, operation] of unit.entries()) {
      const { opId } = operation
      const own = outcomes[index]
      const result: OperationResult =
        failed && own !== failed ? { opId, outcome: 'rejected', reason: 'group_failed' } : (own as OperationResult)
      results.set(opId, result)
      this.#ledger.set(opId, { content: JSON.stringify(operation), result })
    }
    if (!failed) for (const { action, entityId } of unit) if (action === 'delete') this.#deleted.add(entityId)
  }

  #refusalOf({ action, entityId }: Operation): RejectionReason | undefined {
    const isThere = this.notes.has(entityId)
    if (action === 'insert') return isThere || this.#deleted.has(entityId) ? 'id_already_used' : undefined
    return isThere ? undefined : 'not_found'
  }

  #apply(operation: Operation): OperationResult {
    const { opId, action, entityId, payload, baseVersion = 1 } = operation
    const txid = this.#txid
    const note = this.notes.get(entityId)
    this.effects.push(operation)
    if (action === 'insert' || !note) {
      const { leadId, body } = payload
      this.#write(entityId, { leadId, body, version: 1, writeId: opId, bodyBy: 'me' })
      return { opId, outcome: 'applied', txid, version: 1 }
    }
    const version = note.version + 1
    if (note.bodyBy === 'other' && baseVersion < note.version) {
      this.#write(entityId, { ...note, version, writeId: opId })
      const values = { body: { kept: note.body, lost: action === 'delete' ? null : payload.body } }
      return { opId, outcome: 'conflict', txid, version, fields: ['body'], values }
    }
    if (action === 'delete') this.#write(entityId, null)
    else this.#write(entityId, { ...note, body: payload.body, version, writeId: opId, bodyBy: 'me' })
    return { opId, outcome: 'applied', txid, version }
  }

  #write(id: string, note: ServerNote | null): void {
    if (note) this.notes.set(id, note)
    else this.notes.delete(id)
    this.changes.push({ txid: this.#txid, id, note })
  }

  #replay(operation: Operation): OperationResult {
    const first = this.#ledger.get(operation.opId)
    if (first?.content !== JSON.stringify(operation)) {
      throw new Error(`${operation.opId} came again with another content`)
    }
    return first.result.outcome === 'applied' ? { ...first.result, outcome: 'duplicate' } : first.result
  }
}

function unitsOf(operations: readonly Operation[]): Operation[][] {
  const byGroup = new Map<string, Operation[]>()
  for (const operation of operations) {
    const id = operation.groupId ?? operation.opId
    byGroup.set(id, [...(byGroup.get(id) ?? []), operation])
  }
  return [...byGroup.values()]
}
