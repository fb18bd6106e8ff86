import type { Operation, OperationResult } from '@landfall/contract'
import type { TenantSession } from '@landfall/database'
import type { Principal } from '../principal.ts'
import type { OperationEvent } from './events.ts'

export type Observation = Pick<OperationEvent, 'spamReasons'>

/** What a handler knows besides its operations. */
export interface HandlerContext {
  /** Transaction of the principal's tenant, inside a savepoint of its own. */
  session: TenantSession
  principal: Principal
  /** Client id of the device that sent the batch; a member's is not proven. */
  deviceId: string
  receivedAt: Date
  /** How far the device's clock was ahead of ours when the batch left, in milliseconds. */
  clockSkewMs: number
  /** Adds to what the observer is told of an operation once the batch is committed. */
  observe(opId: string, seen: Observation): void
}

type ResultOf<O extends OperationResult['outcome']> = Omit<Extract<OperationResult, { outcome: O }>, 'opId' | 'txid'>

export type Rejected = ResultOf<'rejected'>

/** What became of an operation. The engine adds its id and the transaction's. */
export type Effect = ResultOf<'applied'> | ResultOf<'conflict'> | Rejected

/** An operation whose structure was found good. */
export interface Candidate<Prepared = unknown> {
  operation: Operation
  prepared: Prepared
}

export type Parsed<Prepared> = { outcome: 'parsed'; prepared: Prepared } | Rejected
export type Verdict<Ready> = { outcome: 'go'; ready: Ready } | Rejected

/**
 * One kind of write, in three steps: structure → business rules → execute.
 *
 * `check` and `execute` take a run: operations of this kind, each of another row, and answer in its order. They throw
 * only for what is not an operation's fault; the engine then undoes the run and tries its halves, down to the one that
 * fails. A rejection must leave nothing written.
 */
export interface Handler<Prepared = unknown, Ready = Prepared> {
  /** Structure: of the operation alone, without the database. */
  parse(operation: Operation): Parsed<Prepared>
  /** Business rules: reads what they need in one go, locks what will be written, writes nothing. */
  check(context: HandlerContext, run: readonly Candidate<Prepared>[]): Promise<readonly Verdict<Ready>[]>
  /** Writes, in as few statements as can be. */
  execute(context: HandlerContext, run: readonly Ready[]): Promise<readonly Effect[]>
  /** What nearly every operation of this kind ends with; the ledger is written with it and corrected where it differs. */
  readonly foregone?: Effect
}

export function rejected(
  reason: Rejected['reason'],
  more: Partial<Pick<Rejected, 'fields' | 'detail'>> = {},
): Rejected {
  return { outcome: 'rejected', reason, ...more }
}
