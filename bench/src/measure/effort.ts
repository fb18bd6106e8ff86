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
  /** Openings of a new local database by each contender. */
  openings: number
  /** Leads of a first sync, and how often each contender makes it. */
  firstSyncs: readonly { leads: number; runs: number }[]
  /** Rounds in which each contender writes one note, and those that nobody measures. */
  noteRounds: number
  noteWarmUp: number
  /** Leads in a database whose live queries, memory and storage are measured, and how often one of them changes. */
  heldLeads: readonly number[]
  leadChanges: number
  /** Up to so many leads, all of them are also shown at once. */
  shownLeads: number
  /** Profiles in which three tabs are opened, and the notes that are written with one and with three. */
  tabTrials: number
  tabNotes: number
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
  openings: 7,
  firstSyncs: [
    { leads: 10_000, runs: 5 },
    { leads: 100_000, runs: 3 },
  ],
  noteRounds: 60,
  noteWarmUp: 5,
  heldLeads: [100, 10_000, 100_000],
  leadChanges: 20,
  shownLeads: 10_000,
  tabTrials: 5,
  tabNotes: 20,
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
  openings: 1,
  firstSyncs: [{ leads: 2_000, runs: 1 }],
  noteRounds: 10,
  noteWarmUp: 2,
  heldLeads: [2_000],
  leadChanges: 5,
  shownLeads: 2_000,
  tabTrials: 1,
  tabNotes: 5,
}
