import { type Lsn, parseLsn } from './lsn.ts'

/**
 * Where a history file says that the server left the earlier timeline. Each line is a timeline, the position at which
 * it was left, and a reason, with blanks between; `#` begins a comment.
 */
export function forkOfTimeline(history: string, earlier: number): Lsn | undefined {
  for (const line of history.split('\n')) {
    const match = /^\s*(\d+)\s+([0-9A-Fa-f]+\/[0-9A-Fa-f]+)/.exec(line)
    if (Number(match?.[1]) === earlier && match?.[2]) return parseLsn(match[2])
  }
  return undefined
}
