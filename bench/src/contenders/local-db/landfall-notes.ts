import { notes } from '@landfall/local-db/tables'
import { desc } from 'drizzle-orm'
import { openLandfall } from './landfall.ts'

/** Milliseconds since a note was begun to be written. */
export interface NoteTimes {
  /** Until the outbox has it on disk; NaN when the outbox of another tab was quicker. */
  outboxMs: number
  /** Until `write` resolves. */
  writtenMs: number
  /** Until the live query of the same tab shows it. */
  ownMs: number
  /** Until each other tab has said that its live query shows it. */
  othersMs: number[]
}

export interface LandfallNotes {
  write(otherTabs: number): Promise<NoteTimes>
  /** Resolves when nothing that a write left behind runs any more. */
  settle(): Promise<void>
}

/** Tells the tab that wrote a note that another one shows it. The way back is part of the time. */
const SHOWN_CHANNEL = 'bench-note-shown'
const SHOWN_NOTES = 100
const LEAD_ID = '019a0000-0000-7000-8000-000000000001'

/** Our own database with a live query of the newest notes, which are on screen in every tab that calls this. */
export async function openLandfallNotes(): Promise<LandfallNotes> {
  let putAtMs = Number.NaN
  const { db, outbox } = await openLandfall({
    onPut: () => {
      putAtMs = performance.now()
    },
  })
  const shownElsewhere = new BroadcastChannel(SHOWN_CHANNEL)
  const seen = new Set<string>()
  let onShown = (_body: string) => {}
  const query = db.live(db.drizzle.select().from(notes).orderBy(desc(notes.createdAt)).limit(SHOWN_NOTES))
  await new Promise<void>((resolve) => {
    query.subscribe(() => {
      const { rows } = query.getState()
      if (!rows) return
      resolve()
      for (const { body } of rows) {
        if (seen.has(body)) continue
        seen.add(body)
        onShown(body)
        shownElsewhere.postMessage(body)
      }
    })
  })

  return {
    async write(otherTabs) {
      const body = `Called back, wants a quote by Friday. ${crypto.randomUUID()}`
      putAtMs = Number.NaN
      const startMs = performance.now()
      const own = new Promise<number>((resolve) => {
        onShown = (shown) => {
          if (shown === body) resolve(performance.now() - startMs)
        }
      })
      const others = new Promise<number[]>((resolve) => {
        const arrivals: number[] = []
        if (otherTabs === 0) resolve(arrivals)
        shownElsewhere.onmessage = ({ data }) => {
          if (data !== body) return
          arrivals.push(performance.now() - startMs)
          if (arrivals.length === otherTabs) resolve(arrivals)
        }
      })
      await db.write((tx) => tx.insert(notes).values({ leadId: LEAD_ID, body }), { mode: 'optimistic', label: 'Note' })
      const writtenMs = performance.now() - startMs
      return { outboxMs: putAtMs - startMs, writtenMs, ownMs: await own, othersMs: await others }
    },
    async settle() {
      await outbox.flush()
      // Stands behind what other tabs are still doing.
      await db.drizzle.select().from(notes).limit(1)
    },
  }
}
