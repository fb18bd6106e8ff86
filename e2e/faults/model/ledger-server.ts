import { createHash } from 'node:crypto'
import {
  batchEnvelope,
  type Operation,
  type OperationResult,
  operation,
  parseDeviceAuthorization,
  type RejectionReason,
  SYNC_PROTOCOL,
} from '@landfall/contract'

/** One effect on a row: what the operation carried, in the order of arrival. */
export interface Effect {
  opId: string
  entityId: string
  action: Operation['action']
  /** What tells the writes of a run apart; stands in the payload. */
  mark: string
  by: string
}

export type ServerAnswer = { status: 200; body: unknown } | { status: number; body: unknown }

/** The rules of the real ledger (packages/ingest/SPEC.md), in memory: first outcome kept, groups stand or fall together. */
export class LedgerServer {
  readonly effects: Effect[] = []
  readonly #ledger = new Map<string, { actor: string; hash: string; result: OperationResult }>()
  readonly #rows = new Map<string, { by: string; version: number }>()
  readonly #keys = new Map<string, string>()
  #txid = 0

  /** @param putsOff operations that are answered `retry` this time, by their place in the batch */
  receive(body: string, authorization: string | null, putsOff: (index: number) => number | undefined): ServerAnswer {
    const device = parseDeviceAuthorization(authorization)
    if (!device) return problem(401, 'This device has not proven who it is')
    let received: unknown
    try {
      received = JSON.parse(body)
    } catch {
      return problem(400, 'The request could not be read')
    }
    const envelope = batchEnvelope.safeParse(received)
    if (!envelope.success || envelope.data.clientId !== device.clientId) return problem(400, 'Malformed')
    if ((this.#keys.get(device.clientId) ?? device.key) !== device.key) return problem(401, 'Another key')
    this.#keys.set(device.clientId, device.key)

    this.#txid += 1
    const operations = envelope.data.operations.map((candidate) => operation.parse(candidate))
    const results = new Map<string, OperationResult>()
    for (const unit of unitsOf(operations)) {
      const putOffMs = unit.map((candidate) => putsOff(operations.indexOf(candidate))).find((ms) => ms !== undefined)
      this.#applyUnit(unit, device.clientId, putOffMs, results)
    }
    return {
      status: 200,
      body: {
        protocol: SYNC_PROTOCOL,
        requestId: 'model',
        serverTime: new Date(0).toISOString(),
        results: operations.map(({ opId }) => results.get(opId)),
      },
    }
  }

  #applyUnit(unit: Operation[], actor: string, putOffMs: number | undefined, results: Map<string, OperationResult>) {
    const known = unit.filter((candidate) => this.#ledger.has(candidate.opId))
    for (const candidate of known) results.set(candidate.opId, this.#replay(candidate, actor))
    const fresh = unit.filter((candidate) => !known.includes(candidate))
    if (putOffMs !== undefined) {
      for (const { opId } of fresh) results.set(opId, { opId, outcome: 'retry', retryAfterMs: putOffMs })
      return
    }
    const rows = new Map<string, { by: string; version: number }>()
    const rowOf = (id: string) => rows.get(id) ?? this.#rows.get(id)
    let failed: { opId: string; reason: RejectionReason } | undefined
    for (const candidate of fresh) {
      const row = rowOf(candidate.entityId)
      const reason = refusalOf(candidate, row, actor)
      if (reason) {
        failed = { opId: candidate.opId, reason }
        break
      }
      rows.set(candidate.entityId, { by: actor, version: (row?.version ?? 0) + 1 })
    }
    for (const candidate of fresh) {
      const { opId, entityId, action } = candidate
      const version = rows.get(entityId)?.version ?? 1
      const result: OperationResult = failed
        ? { opId, outcome: 'rejected', reason: failed.opId === opId ? failed.reason : 'group_failed' }
        : { opId, outcome: 'applied', txid: this.#txid, version }
      results.set(opId, result)
      this.#ledger.set(opId, { actor, hash: hashOf(candidate), result })
      if (!failed) this.effects.push({ opId, entityId, action, mark: markOf(candidate.payload), by: actor })
    }
    if (!failed) for (const [id, row] of rows) this.#rows.set(id, row)
  }

  #replay(candidate: Operation, actor: string): OperationResult {
    const { opId } = candidate
    const first = this.#ledger.get(opId)
    if (first?.actor !== actor || first.hash !== hashOf(candidate)) {
      return { opId, outcome: 'rejected', reason: 'id_already_used' }
    }
    return first.result.outcome === 'applied' ? { ...first.result, outcome: 'duplicate' } : first.result
  }
}

function refusalOf(
  { action, payload }: Operation,
  row: { by: string } | undefined,
  actor: string,
): RejectionReason | undefined {
  if (payload.isPoisoned === true) return 'invalid_values'
  if (action === 'insert') return row ? 'id_already_used' : undefined
  if (!row) return 'not_found'
  return row.by === actor ? undefined : 'not_allowed'
}

/** Every write of a run carries its own mark, so that effects can be counted whatever ids they came with. */
export const markOf = (payload: Record<string, unknown>) => String(payload.mark)

const hashOf = (candidate: Operation) => createHash('sha256').update(JSON.stringify(candidate)).digest('hex')

function unitsOf(operations: Operation[]): Operation[][] {
  const units: Operation[][] = []
  const byGroup = new Map<string, Operation[]>()
  for (const candidate of operations) {
    const unit = candidate.groupId === undefined ? undefined : byGroup.get(candidate.groupId)
    if (unit) unit.push(candidate)
    else {
      units.push([candidate])
      if (candidate.groupId !== undefined) byGroup.set(candidate.groupId, units.at(-1) ?? [])
    }
  }
  return units
}

const problem = (status: number, title: string): ServerAnswer => ({ status, body: { title } })
