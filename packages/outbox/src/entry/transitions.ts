import type { OperationResult, RejectionReason } from '@landfall/contract'
import { RETRY_AFTER_CAP_MS } from '../delivery/backoff.ts'
import { assertNever, type Entry } from './entry.ts'

/** Whether it still waits for an answer. */
export function isUnsettled({ state }: Entry): boolean {
  return state.kind === 'queued' || state.kind === 'sending'
}

/** Whether no request ever carried it. */
export function isUnsent({ state }: Entry): boolean {
  return state.kind === 'queued' && state.attempts === 0
}

export function attemptsOf({ state }: Entry): number {
  return state.kind === 'queued' || state.kind === 'sending' ? state.attempts : 0
}

export function startSending(entry: Entry, nowMs: number, correlationId: string): Entry {
  if (!isUnsettled(entry)) return entry
  return { ...entry, correlationId, state: { kind: 'sending', attempts: attemptsOf(entry) + 1, sinceMs: nowMs } }
}

/**
 * Back in the queue, with everything it had: nobody answered for this operation. One that another drainer has settled
 * meanwhile stays settled.
 */
export function requeue(entry: Entry, problem: string, nowMs: number, waitMs = 0): Entry {
  if (!isUnsettled(entry)) return entry
  const attempts = attemptsOf(entry)
  const notBeforeMs = waitMs > 0 ? nowMs + waitMs : 0
  return { ...entry, state: { kind: 'queued', attempts, fromMs: nowMs, notBeforeMs, lastProblem: problem } }
}

/** What the server's answer for this operation makes of its entry. */
export function settle(entry: Entry, result: OperationResult, nowMs: number): Entry {
  // A later answer for the same operation says the same; a dead letter is a person's by now.
  if (!isUnsettled(entry)) return entry
  switch (result.outcome) {
    case 'applied':
    case 'duplicate':
    case 'conflict': {
      const { outcome, txid, version } = result
      return { ...entry, state: { kind: 'delivered', atMs: nowMs, outcome, txid, version } }
    }
    case 'rejected': {
      const { reason, fields = null, detail = null } = result
      return { ...entry, state: { kind: 'dead', atMs: nowMs, reason, fields, detail } }
    }
    case 'retry':
      return requeue(entry, 'The server could not take it just now.', nowMs, boundedWaitMs(result.retryAfterMs))
    default:
      return assertNever(result)
  }
}

/** No request can be put off for longer than `isDue` believes, nor be asked for again at once for ever. */
const boundedWaitMs = (askedMs: number) => Math.min(Math.max(askedMs, 1_000), RETRY_AFTER_CAP_MS)

/** Dead without an answer of its own: too large for any request, of a group that cannot go as a whole, or outdated. */
export function die(
  entry: Entry,
  reason: Extract<RejectionReason, 'too_large' | 'group_failed' | 'outdated'>,
  nowMs: number,
  detail: string | null = null,
): Entry {
  if (!isUnsettled(entry)) return entry
  return { ...entry, state: { kind: 'dead', atMs: nowMs, reason, fields: null, detail } }
}

/** A dead letter as a new operation on the same row, in the place of the old one: what waits behind it still does. */
export function reviveAs(entry: Entry, opId: string, bytes: number, nowMs: number): Entry {
  const state = { kind: 'queued', attempts: 0, fromMs: nowMs, notBeforeMs: 0, lastProblem: null } as const
  return { ...entry, opId, bytes, state }
}
