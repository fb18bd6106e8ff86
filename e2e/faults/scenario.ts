import type { RunResult } from './tally.ts'

export type Layer = 'model' | 'server' | 'browser'

/** One row of the matrix. `World` is what its layer starts once for all its runs. */
export interface Scenario<World = void> {
  name: string
  /** What breaks, for the page of results. */
  breaks: string
  /** Runs of the full matrix, and of the short one in `npm test`; 0 leaves it out there. */
  runs: number
  shortRuns: number
  /** Decided by the seed alone, as far as the layer can: the model wholly, the others in what they do and when. */
  run(seed: number, world: World): Promise<RunResult>
}
