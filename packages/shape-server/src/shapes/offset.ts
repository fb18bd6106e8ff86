import type { Lsn } from '../replication/lsn.ts'

/** A place in a shape's log. `op` is infinite behind the last chunk of a snapshot. */
export interface LogOffset {
  /** 0 within the snapshot. */
  lsn: Lsn
  op: number
}

export type RequestedOffset = { kind: 'start' } | { kind: 'now' } | { kind: 'position'; offset: LogOffset }

export const SNAPSHOT_END: LogOffset = { lsn: 0n, op: Number.POSITIVE_INFINITY }

/** Returns undefined for what is no offset. */
export function parseOffset(text: string): RequestedOffset | undefined {
  if (text === '-1') return { kind: 'start' }
  if (text === 'now') return { kind: 'now' }
  const match = /^(\d{1,20})_(\d{1,15}|inf)$/.exec(text)
  if (!match) return undefined
  const [, lsn = '0', op = '0'] = match
  return {
    kind: 'position',
    offset: { lsn: BigInt(lsn), op: op === 'inf' ? Number.POSITIVE_INFINITY : Number(op) },
  }
}

export function formatOffset({ lsn, op }: LogOffset): string {
  return `${lsn}_${op === Number.POSITIVE_INFINITY ? 'inf' : op}`
}

export function compareOffsets(a: LogOffset, b: LogOffset): number {
  if (a.lsn !== b.lsn) return a.lsn < b.lsn ? -1 : 1
  return a.op === b.op ? 0 : a.op < b.op ? -1 : 1
}
