import type { LiveContender } from './contender-names.ts'
import type { HeldDatabase, LeadRow, LiveView, StatusCount } from './held-database.ts'
import { openHeldLandfall } from './held-landfall.ts'
import { openHeldPlain } from './held-plain.ts'

const OPEN: Record<LiveContender, () => Promise<HeldDatabase>> = {
  landfall: openHeldLandfall,
  'PGlite on idb': openHeldPlain,
}

export interface HeldLeads {
  /**
   * Shows a live query and changes one of the newest hundred leads after the other.
   *
   * @returns milliseconds from each change to the call that brings it
   */
  changeOften(view: LiveView, changes: number): Promise<number[]>
}

/** Opens a database and fills it with the leads of the shape. */
export async function holdLeads(name: LiveContender): Promise<HeldLeads> {
  const database = await OPEN[name]()
  return {
    async changeOften(view, changes) {
      const status = CHANGED_TO[view]
      const ids = await database.newestIds()
      const samples: number[] = []
      let onRows = (_rows: readonly (LeadRow | StatusCount)[]) => {}
      const stop = await database.show(view, (rows) => onRows(rows))
      for (const id of ids.slice(0, changes)) {
        const changed = samples.length + 1
        const startMs = performance.now()
        const shown = new Promise<void>((resolve) => {
          onRows = (rows) => {
            if (!rows.some((row) => shows(row, id, status, changed))) return
            samples.push(performance.now() - startMs)
            onRows = () => {}
            resolve()
          }
        })
        await Promise.all([database.change(id, status), shown])
        await database.settle()
      }
      stop()
      return samples
    },
  }
}

/** What the leads of a view are changed to, each once: all of them begin as new. */
const CHANGED_TO = {
  'newest 100': 'contacted',
  'count by status': 'reviewing',
  'all rows': 'won',
} as const satisfies Record<LiveView, string>

function shows(row: LeadRow | StatusCount, id: string, status: string, changed: number): boolean {
  return row.status === status && ('id' in row ? row.id === id : row.leads === changed)
}
