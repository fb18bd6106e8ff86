/** How much is measured. Quick tells whether it runs and where things lie; only the full run is written down. */
export interface Effort {
  /** Rounds in which each contender saves one lead. */
  saveRounds: number
  saveWarmUp: number
  /** Rounds at each size of growth: filling takes longer than they do. */
  grownSaveRounds: number
  /** Drains of each contender. */
  drains: number
  /** Leads that wait when the network comes back. */
  queued: number
  /** Runs of each load, and how long each sends. */
  loadRuns: number
  loadMs: number
  /** Leads in the tables before a load. */
  storedLeads: number
}

export const FULL: Effort = {
  saveRounds: 120,
  saveWarmUp: 10,
  grownSaveRounds: 40,
  drains: 3,
  queued: 1_000,
  loadRuns: 3,
  loadMs: 800,
  storedLeads: 10_000,
}

export const QUICK: Effort = {
  saveRounds: 20,
  saveWarmUp: 3,
  grownSaveRounds: 20,
  drains: 1,
  queued: 200,
  loadRuns: 1,
  loadMs: 400,
  storedLeads: 1_000,
}
