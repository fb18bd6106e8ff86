import type { OperationResult } from '@landfall/contract'
import { assertNever, type Entry } from './entry.ts'

export function attemptsOf(entry: Entry): number {
  return entry.state.kind === 'queued' || entry.state.kind === 'sending' ? entry.state.attempts : 0
}

export function startSending(entry: Entry, nowMs: number): Entry {
  return { ...entry, state: { kind: 'sending', attempts: attemptsOf(entry) + 1, sinceMs: nowMs } }
}

/** Back in the queue, with everything it had: nobody answered for this operation. */
export function requeue(entry: Entry, notBeforeMs: number, problem: string): Entry {
  return { ...entry, state: { kind: 'queued', attempts: attemptsOf(entry), notBeforeMs, lastProblem: problem } }
}

/** What the server's answer for this operation makes of its entry. */
export function settle(entry: Entry, result: OperationResult, nowMs: number): Entry {
  switch (result.outcome) {
    case 'applied':
    case 'duplicate':
    case 'conflict':
      return {
        ...entry,
        payload: null,
        state: {
          kind: 'delivered',
          atMs: nowMs,
          outcome: result.outcome,
          txid: result.txid,
          version: result.version,
        },
      }
    case 'rejected':
      return {
        ...entry,
        state: {
          kind: 'dead',
          atMs: nowMs,
          reason: result.reason,
          fields: result.fields ?? null,
          detail: result.detail ?? null,
        },
      }
    case 'retry':
      return requeue(entry, nowMs + result.retryAfterMs, 'The server could not take it just now.')
    default:
      return assertNever(result)
  }
}
