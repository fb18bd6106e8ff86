import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 50

/** Asks again and again. @returns whether it came true in time */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  for (;;) {
    if (await isSo()) return true
    if (performance.now() > deadline) return false
    await delay(POLL_MS)
  }
}
