/** How far the first sync of a shape has come. */
export interface SyncProgress {
  /** Rows that are in the table. */
  rows: number
  /** Bytes of the answers, as they came out of the network's compression. */
  bytes: number
  /** Milliseconds since 1970. */
  startedAtMs: number
}
