const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 5 * 60_000

/** Full jitter over a doubling ceiling: after how many milliseconds a stream that failed `failures` times starts again. */
export function restartDelayMs(failures: number, random = Math.random): number {
  return random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1))
}
