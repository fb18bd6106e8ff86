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
  /** Marks that stood readable on the device's disk, whenever somebody looked. */
  readableMarks: ReadonlySet<string>
}

/** Counts a run: of each acknowledged write, where it is now. */
export function judge({ written, server, entries, readableLetters, readableMarks }: Evidence): RunResult {
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
    else if (entry?.state === 'dead' && readableLetters.has(entry.opId)) {
      tally.dead += 1
      if (entry.reason !== 'too_large' && !mayDie(one, written, effects))
        findings.push(`${one.mark} is a dead letter without a cause: ${entry.reason}`)
    } else if (entry?.state === 'queued' || entry?.state === 'sending') {
      tally.waiting += 1
      if (!isBehindLetter(one, byOpId)) findings.push(`${one.mark} still waits long after everything is well`)
    } else {
      tally.lost += 1
      findings.push(`${one.mark} is ${entry ? `called ${entry.state}` : 'nowhere'}, and the server has no effect of it`)
    }
  }
  findings.push(...disorder(written, server))
  return { tally, findings: [...findingsOf(tally), ...findings] }
}

/** Poisoned, too large for somebody on the way, in a group with a poisoned one, or on a row that never came to be. */
function mayDie(one: Written, written: readonly Written[], effects: ReadonlyMap<string, number>): boolean {
  if (one.isPoisoned) return true
  if (one.groupId) return written.some((other) => other.groupId === one.groupId && other.isPoisoned)
  const { after } = one
  return after !== undefined && !effects.has(after.mark)
}

/** Nothing overtakes a dead letter of its row: it waits until the person decides about that one. */
function isBehindLetter(one: Written, byOpId: ReadonlyMap<string, QueueEntryView>): boolean {
  const { after } = one
  return after !== undefined && (byOpId.get(after.opId)?.state === 'dead' || isBehindLetter(after, byOpId))
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
