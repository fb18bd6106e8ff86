export interface ShapeLimits {
  /** How many shapes there may be; the one used longest ago gives way to a new one. */
  maxShapes?: number
  /** A shape that nobody has asked for so long is given up. */
  idleMs?: number
  /** Snapshots that are read at the same time, each over a connection of its own. */
  snapshotConcurrency?: number
  compaction?: CompactionLimits
  /** Rows of a snapshot in one answer. */
  snapshotChunkBytes?: number
}

/** When a log is so long that clients had better fetch anew: both must hold. */
export interface CompactionLimits {
  bytes: number
  /** Times the size of the snapshot. */
  ratio: number
}
