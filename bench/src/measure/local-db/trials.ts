import { milliseconds } from '../../report/number.ts'
import type { Spread } from '../spread.ts'

/** Runs each so often, round after round; each round begins with another one. Rounds of the warm-up are not counted. */
export async function inTurns<Name extends string, Result>(
  names: readonly Name[],
  rounds: number,
  run: (name: Name) => Promise<Result>,
  warmUpRounds = 0,
): Promise<Record<Name, Result[]>> {
  const found = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const first = Math.abs(round) % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const result = await run(name)
      if (round >= 0) found[name].push(result)
    }
  }
  return found
}

/** Median, 95th percentile and middle half, as a table shows them. */
export const spreadCells = ({ p25, p50, p75, p95 }: Spread): string[] => [
  milliseconds(p50),
  milliseconds(p95),
  `${milliseconds(p25)} – ${milliseconds(p75)}`,
]
