import { randomInt } from 'node:crypto'

const EPOCH_MS = Date.UTC(2024, 9, 9)
const STEP_S = 20

/**
 * A number that all waiting clients share for 20 seconds, so that a CDN asks once for all of them. A client that comes
 * back within the same step gets a later one, else it would be served the answer it already has.
 */
export function nextCursor(previous: string | undefined, nowMs = Date.now()): number {
  const current = Math.ceil((nowMs - EPOCH_MS) / 1_000 / STEP_S) * STEP_S
  const last = /^\d{1,15}$/.test(previous ?? '') ? Number(previous) : undefined
  return last === undefined || last < current ? current : last + randomInt(1, 3_601)
}
