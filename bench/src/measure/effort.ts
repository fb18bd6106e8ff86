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
  /** Rows of the first sync, and how often everybody gets them. */
  syncRows: number
  syncRuns: number
  /** Numbers of live clients, commits that each of them gets, and how many shapes many shapes are. */
  liveClients: readonly number[]
  liveCommits: number
  liveShapes: number
  largeTransactionRows: number
  largeTransactions: number
  /** Sizes at which the shape server is measured again. */
  grownRows: readonly number[]
  grownLogs: readonly number[]
  grownShapes: readonly number[]
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
  syncRows: 100_000,
  syncRuns: 7,
  liveClients: [1, 100, 1_000],
  liveCommits: 20,
  liveShapes: 1_000,
  largeTransactionRows: 5_000,
  largeTransactions: 5,
  grownRows: [10_000, 100_000],
  grownLogs: [10_000, 100_000],
  grownShapes: [100, 1_000],
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
  syncRows: 20_000,
  syncRuns: 2,
  liveClients: [1, 20, 100],
  liveCommits: 10,
  liveShapes: 100,
  largeTransactionRows: 5_000,
  largeTransactions: 2,
  grownRows: [1_000, 10_000],
  grownLogs: [1_000, 10_000],
  grownShapes: [10, 100],
}
