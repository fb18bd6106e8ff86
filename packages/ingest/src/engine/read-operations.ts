import { type Operation, type OperationResult, operation } from '@landfall/contract'
import type { Principal } from '../principal.ts'
import type { Candidate, Effect, Handler, Rejected } from './handler.ts'
import type { HandlerRegistry } from './handler-registry.ts'
import { idAlreadyUsed } from './ledger.ts'
import { storable } from './storable.ts'

/** An operation of which the structure is known: to be applied, or never to be. Its id is claimed either way. */
export type ReadOperation = { operation: Operation } & (
  | { kind: 'candidate'; candidate: Candidate; handler: Handler }
  | { kind: 'rejected'; effect: Rejected }
)

/** Place of an operation in the batch: read, or answered without the ledger because it has no id to claim. */
export type Place = { kind: 'read'; read: ReadOperation } | { kind: 'unclaimed'; opId: string; result: OperationResult }

/** Reads every operation by itself; the second one of an id is answered as a reuse. */
export function readOperations(inputs: readonly unknown[], registry: HandlerRegistry, principal: Principal): Place[] {
  const seen = new Set<string>()
  return inputs.map((input): Place => {
    const parsed = operation.safeParse(input)
    if (!parsed.success) return malformed(input, parsed.error.issues)
    const { opId } = parsed.data
    if (seen.has(opId)) return { kind: 'unclaimed', opId, result: idAlreadyUsed(opId) }
    seen.add(opId)
    return { kind: 'read', read: readOne(parsed.data, registry, principal) }
  })
}

function readOne(operation: Operation, registry: HandlerRegistry, principal: Principal): ReadOperation {
  const found = registry.find(principal, operation)
  if (found.outcome === 'rejected') return { kind: 'rejected', operation, effect: found }
  const parsed = found.handler.parse(operation)
  if (parsed.outcome === 'rejected') return { kind: 'rejected', operation, effect: storable(parsed) }
  return { kind: 'candidate', operation, handler: found.handler, candidate: { operation, prepared: parsed.prepared } }
}

function malformed(input: unknown, issues: readonly { path: PropertyKey[]; message: string }[]): Place {
  const given = (input as { opId?: unknown } | null)?.opId
  const opId = typeof given === 'string' ? given.slice(0, 64) : ''
  const [issue] = issues
  const detail = `${issue?.path.join('.') || 'operation'}: ${issue?.message}`.slice(0, 300)
  return { kind: 'unclaimed', opId, result: { opId, outcome: 'rejected', reason: 'malformed', detail } }
}

export const foregoneEffect = (read: ReadOperation): Effect | undefined =>
  read.kind === 'rejected' ? read.effect : read.handler.foregone
