import type { Tally } from '../tally.ts'

/** What is told of one scenario. */
export interface Row {
  name: string
  breaks: string
  runs: number
  tally: Tally
  failures: Failure[]
  seconds: number
}

export interface Failure {
  seed: number
  findings: string[]
}

/** The columns of the matrix. What waits at the end, or was deleted by its person, is told apart: neither is lost. */
export const COLUMNS = [
  'runs',
  'acknowledged',
  'delivered',
  'dead letters',
  'waiting',
  'deleted by hand',
  'duplicated',
  'lost',
  'leaked',
] as const

export function cellsOf({ runs, tally }: Pick<Row, 'runs' | 'tally'>): number[] {
  const { acknowledged, delivered, dead, waiting, erased, duplicated, lost, leaked } = tally
  return [runs, acknowledged, delivered, dead, waiting, erased, duplicated, lost, leaked]
}

export const replayOf = (name: string, seed: number) => `pnpm faults --scenario ${name} --seed ${seed} --runs 1`
