import type { QueueEntryView } from '@landfall/contract'
import { EMPTY_TALLY, findingsOf, type RunResult } from '../tally.ts'
import type { LedgerServer } from './ledger-server.ts'
import type { Written } from './written.ts'

export interface Evidence {
  written: readonly Written[]
  server: LedgerServer
  /** What the device shows at the end. */
  entries: readonly QueueEntryView[]
  /** Operation ids of letters whose whole content can still be read. */
  readableLetters: ReadonlySet<string>
  /** The run has damaged the store: of a letter that was dead by then, the head is all that can be asked for. */
  isDamaged: boolean
  /** Operation ids of records that could not be read any more, and stand apart for a person to see. */
  setApart: ReadonlySet<string>
  /** Marks that stood readable on the device's disk, whenever somebody looked. */
  readableMarks: ReadonlySet<string>
}

/** Counts a run: of each acknowledged write, where it is now. */
export function judge(evidence: Evidence): RunResult {
  const { written, server, entries, readableLetters, setApart, readableMarks, isDamaged } = evidence
  const tally = { ...EMPTY_TALLY }
  const findings: string[] = []
  const effects = new Map<string, number>()
  for (const { mark } of server.effects) effects.set(mark, (effects.get(mark) ?? 0) + 1)
  const byOpId = new Map(entries.map((entry) => [entry.opId, entry]))

  for (const one of written) {
    const count = effects.get(one.mark) ?? 0
    const entry = byOpId.get(one.opId)
    if (count > 1) {
      tally.duplicated += count - 1
      findings.push(`${one.mark} has ${count} effects`)
    }
    if (readableMarks.has(one.mark)) {
      tally.leaked += 1
      findings.push(`${one.mark} stood readable on the device's disk`)
    }
    if (one.isRefused && count > 0) findings.push(`${one.mark} was refused, and delivered all the same`)
    if (!one.isAcknowledged || one.isDiscarded) continue
    tally.acknowledged += 1
    if (count > 0) tally.delivered += 1
    else if (one.isErased) tally.erased += 1
    else if (setApart.has(one.opId)) tally.dead += 1
    else if (entry?.state === 'dead' && (isDamaged || readableLetters.has(entry.opId))) {
      tally.dead += 1
      if (entry.reason !== 'too_large' && !mayDie(one, evidence, effects))
        findings.push(`${one.mark} is a dead letter without a cause: ${entry.reason}`)
    } else if (entry?.state === 'queued' || entry?.state === 'sending') {
      tally.waiting += 1
      if (!isBehindLetter(one, evidence)) findings.push(`${one.mark} still waits long after everything is well`)
    } else {
      tally.lost += 1
      findings.push(`${one.mark} is ${entry ? `called ${entry.state}` : 'nowhere'}, and the server has no effect of it`)
    }
  }
  findings.push(...disorder(written, server))
  return { tally, findings: [...findingsOf(tally), ...findings] }
}

/** Poisoned, in a group with one that is poisoned or cannot be read, or on a row whose insert never took effect or cannot be read. */
function mayDie(one: Written, { written, setApart }: Evidence, effects: ReadonlyMap<string, number>): boolean {
  if (one.isPoisoned) return true
  if (one.groupId) {
    return written.some((other) => other.groupId === one.groupId && (other.isPoisoned || setApart.has(other.opId)))
  }
  const first = written.find((other) => other.entityId === one.entityId)
  if (first === undefined || first === one) return false
  return !effects.has(first.mark) || setApart.has(first.opId)
}

/** Nothing overtakes a dead letter of its row: it waits until the person decides about that one. */
function isBehindLetter(one: Written, { written, entries, setApart }: Evidence): boolean {
  const standing = new Set(entries.filter(({ state }) => state === 'dead').map(({ opId }) => opId))
  return written.some(
    (other) =>
      other !== one && other.entityId === one.entityId && (standing.has(other.opId) || setApart.has(other.opId)),
  )
}

/** Writes on one row have their effects in the order in which they were acknowledged. */
function disorder(written: readonly Written[], server: LedgerServer): string[] {
  const place = new Map(server.effects.map(({ mark }, index) => [mark, index]))
  return written.flatMap((one) => {
    if (one.after?.isResent) return []
    const [mine, before] = [place.get(one.mark), one.after && place.get(one.after.mark)]
    return mine !== undefined && before !== undefined && mine < before
      ? [`${one.mark} took effect before ${one.after?.mark}, on the same row`]
      : []
  })
}
