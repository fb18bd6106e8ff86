import type { Operation, OperationResult } from '@landfall/contract'
import type { TenantTransaction } from '@landfall/database'
import type { Principal } from '../principal.ts'

/** What a handler knows besides its operation. */
export interface HandlerContext {
  /** Transaction of the principal's tenant, inside the savepoint of the operation. */
  tx: TenantTransaction
  principal: Principal
  receivedAt: Date
  /** How far the device's clock was ahead of ours when the batch left, in milliseconds. */
  clockSkewMs: number
}

type ResultOf<O extends OperationResult['outcome']> = Omit<Extract<OperationResult, { outcome: O }>, 'opId' | 'txid'>

/** What became of an operation. The engine adds its id and the transaction's. */
export type Effect = ResultOf<'applied'> | ResultOf<'conflict'> | ResultOf<'rejected'>

/** Applies one kind of operation. It throws only for what is not the operation's fault. */
export type Handler = (context: HandlerContext, operation: Operation) => Promise<Effect>

export function rejected(
  reason: ResultOf<'rejected'>['reason'],
  more: Partial<Pick<ResultOf<'rejected'>, 'fields' | 'detail'>> = {},
): Effect {
  return { outcome: 'rejected', reason, ...more }
}
