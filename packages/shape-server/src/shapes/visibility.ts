/** What `pg_current_snapshot()` says: which transactions a snapshot sees. */
export interface SnapshotVisibility {
  /** Every transaction before this one is over and seen. */
  xmin: bigint
  /** Neither this transaction nor a later one is seen. */
  xmax: bigint
  /** Those between that were still running. */
  running: bigint[]
}

/** `100:104:100,102` */
export function parseSnapshot(text: string): SnapshotVisibility {
  const [xmin = '', xmax = '', running = ''] = text.split(':')
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), running: running === '' ? [] : running.split(',').map(BigInt) }
}

/** `xid` has the low 32 bits only, as the replication stream gives it. */
export function isVisible({ xmin, xmax, running }: SnapshotVisibility, xid: number): boolean {
  const whole = widen(xid, xmax)
  if (whole >= xmax) return false
  return whole < xmin || !running.includes(whole)
}

/** The transaction id with these low bits that is nearest to `reference`: ids alive together lie within 2^31. */
function widen(xid: number, reference: bigint): bigint {
  const difference = BigInt.asIntN(32, BigInt(xid) - reference)
  return reference + difference
}
