import { uuidv7 } from 'uuidv7'
import type { WriteContender } from './contender-names.ts'
import { openOutbox } from './landfall.ts'
import type { LandfallNotes } from './landfall-notes.ts'
import { openPlainNotes } from './plain-notes.ts'

export interface NoteSamples {
  /** Milliseconds until the note is on disk. */
  durableMs: Record<WriteContender, number[]>
  /** Of ours: milliseconds until the outbox has it on disk. */
  outboxMs: number[]
  /** Milliseconds until a live query shows it. */
  shownMs: { own: number[]; other: number[]; plain: number[] }
}

/**
 * Writes one note with each contender in turn, round after round; each round begins with another one.
 *
 * @param landfall of this tab; one other tab shows the same notes
 */
export async function writeNoteRounds(
  landfall: LandfallNotes,
  { rounds, warmUp }: { rounds: number; warmUp: number },
): Promise<NoteSamples> {
  const outbox = openOutbox('alone')
  const plain = await openPlainNotes()
  const samples: NoteSamples = {
    durableMs: { 'put into the outbox alone': [], landfall: [], 'PGlite on idb': [] },
    outboxMs: [],
    shownMs: { own: [], other: [], plain: [] },
  }
  const turns: (() => Promise<() => void>)[] = [
    async () => {
      const elapsedMs = await putAlone(outbox)
      return () => samples.durableMs['put into the outbox alone'].push(elapsedMs)
    },
    async () => {
      const { outboxMs, writtenMs, ownMs, othersMs } = await landfall.write(1)
      await landfall.settle()
      return () => {
        samples.durableMs.landfall.push(writtenMs)
        if (!Number.isNaN(outboxMs)) samples.outboxMs.push(outboxMs)
        samples.shownMs.own.push(ownMs)
        samples.shownMs.other.push(...othersMs)
      }
    },
    async () => {
      const { writtenMs, ownMs } = await plain.write()
      return () => {
        samples.durableMs['PGlite on idb'].push(writtenMs)
        samples.shownMs.plain.push(ownMs)
      }
    },
  ]
  for (let round = -warmUp; round < rounds; round += 1) {
    const first = Math.abs(round) % turns.length
    for (const turn of [...turns.slice(first), ...turns.slice(0, first)]) {
      const note = await turn()
      if (round >= 0) note()
    }
  }
  return samples
}

/** What the outbox is given of a note, by itself. */
async function putAlone(outbox: ReturnType<typeof openOutbox>): Promise<number> {
  const payload = { leadId: uuidv7(), body: `Called back, wants a quote by Friday. ${crypto.randomUUID()}` }
  const startMs = performance.now()
  await outbox.put([
    {
      opId: uuidv7(),
      entity: 'note',
      action: 'insert',
      entityId: uuidv7(),
      capturedAt: new Date().toISOString(),
      label: 'Note',
      payload,
      changes: payload,
    },
  ])
  const elapsedMs = performance.now() - startMs
  await outbox.flush()
  return elapsedMs
}
