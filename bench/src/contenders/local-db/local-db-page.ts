import type { LiveContender, OpeningContender, SyncContender } from './contender-names.ts'
import { FIRST_SYNC, type FirstSync } from './first-sync.ts'
import type { LiveView } from './held-database.ts'
import { type HeldLeads, holdLeads } from './held-leads.ts'
import { type LandfallNotes, type NoteTimes, openLandfallNotes } from './landfall-notes.ts'
import { type NoteSamples, writeNoteRounds } from './note-rounds.ts'
import { OPEN } from './opening.ts'

let notes: LandfallNotes | undefined
let held: HeldLeads | undefined

/** What the measures of the local database reach inside a tab. */
const pageApi = {
  open: (name: OpeningContender): Promise<number> => OPEN[name](),
  firstSync: (name: SyncContender): Promise<FirstSync> => FIRST_SYNC[name](),

  /** Opens our own database in this tab and shows its newest notes; milliseconds until they are there. */
  async showNotes(): Promise<number> {
    const startMs = performance.now()
    notes = await openLandfallNotes()
    return performance.now() - startMs
  },

  writeNoteRounds(options: { rounds: number; warmUp: number }): Promise<NoteSamples> {
    return writeNoteRounds(opened(notes), options)
  },

  /** Writes notes one after the other, while so many other tabs show them too. */
  async writeNotes(count: number, otherTabs: number): Promise<NoteTimes[]> {
    const times: NoteTimes[] = []
    for (let note = 0; note < count; note += 1) {
      times.push(await opened(notes).write(otherTabs))
      await opened(notes).settle()
    }
    return times
  },

  async holdLeads(name: LiveContender): Promise<void> {
    held = await holdLeads(name)
  },
  changeOften: (view: LiveView, changes: number): Promise<number[]> => opened(held).changeOften(view, changes),
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('nothing is open in this tab')
  return part
}

export type LocalDbPage = typeof pageApi

declare global {
  var localDbPage: LocalDbPage
}

globalThis.localDbPage = pageApi
