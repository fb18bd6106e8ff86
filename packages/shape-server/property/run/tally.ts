/** What runs have counted, by name; a name that is missing counts nothing. */
export type Tally = Record<string, number>

export function addTallies(sum: Tally, more: Tally): Tally {
  const total = { ...sum }
  for (const [name, count] of Object.entries(more)) total[name] = (total[name] ?? 0) + count
  return total
}

export interface RunResult {
  seed: number
  tally: Tally
  /** Everything that went wrong, in words; a run without findings is a good one. */
  findings: string[]
}
