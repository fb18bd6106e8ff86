import type { OperationResult } from '@landfall/contract'
import { RETRY_AFTER_CAP_MS } from '../delivery/backoff.ts'
import { assertNever, type Entry } from './entry.ts'

export function attemptsOf(entry: Entry): number {
  return entry.state.kind === 'queued' || entry.state.kind === 'sending' ? entry.state.attempts : 0
}

export function startSending(entry: Entry, nowMs: number): Entry {
  if (entry.state.kind === 'delivered' || entry.state.kind === 'dead') return entry
  return { ...entry, state: { kind: 'sending', attempts: attemptsOf(entry) + 1, sinceMs: nowMs } }
}

/**
 * Back in the queue, with everything it had: nobody answered for this operation. Only an entry in `sending` goes back: one
 * that another drainer has settled meanwhile stays settled.
 */
export function requeue(entry: Entry, notBeforeMs: number, problem: string): Entry {
  if (entry.state.kind !== 'sending') return entry
  return { ...entry, state: { kind: 'queued', attempts: attemptsOf(entry), notBeforeMs, lastProblem: problem } }
}

/** What the server's answer for this operation makes of its entry. */
export function settle(entry: Entry, result: OperationResult, nowMs: number): Entry {
  // A later answer for the same operation says the same; a dead letter is a person's by now.
  if (entry.state.kind === 'delivered' || entry.state.kind === 'dead') return entry
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
          conflict: (result.outcome === 'conflict' && result.values) || null,
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
      return requeue(entry, nowMs + waitMs(result.retryAfterMs), 'The server could not take it just now.')
    default:
      return assertNever(result)
  }
}

/** No request can be put off for longer than `isDue` believes, nor be asked for again at once for ever. */
const waitMs = (askedMs: number) => Math.min(Math.max(askedMs, 1_000), RETRY_AFTER_CAP_MS)

/** An entry that no server takes for its size alone; those behind it go on. */
export function dieOfSize(entry: Entry, nowMs: number): Entry {
  if (entry.state.kind !== 'sending') return entry
  return { ...entry, state: { kind: 'dead', atMs: nowMs, reason: 'too_large', fields: null, detail: null } }
}

/** A dead letter as a new operation on the same row, corrected or as it was. */
export function reviveAs(entry: Entry, opId: string, payload: Entry['payload']): Entry {
  return { ...entry, opId, payload, state: { kind: 'queued', attempts: 0, notBeforeMs: 0, lastProblem: null } }
}
