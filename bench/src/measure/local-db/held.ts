import { LIVE_CONTENDERS, type LiveContender } from '../../contenders/local-db/contender-names.ts'
import { LIVE_VIEWS, type LiveView } from '../../contenders/local-db/held-database.ts'
import { times } from '../../report/number.ts'
import type { Section } from '../../report/section.ts'
import { withBrowser } from '../../stage/local-db-browser.ts'
import type { LocalDbSite } from '../../stage/local-db-site.ts'
import type { ShapeStage } from '../../stage/shape-stage.ts'
import type { Effort } from '../effort.ts'
import { megabytes } from '../shapes/memory.ts'
import { spreadOf } from '../spread.ts'
import { withLeads } from './first-sync.ts'
import { inTurns, spreadCells } from './trials.ts'

/** What a database of so many leads costs: live queries when one of them changes, memory, storage. */
export async function measureHeld(site: LocalDbSite, stage: ShapeStage, effort: Effort): Promise<Section> {
  const live: Record<LiveView, string[][]> = { 'newest 100': [], 'count by status': [], 'all rows': [] }
  const held: string[][] = []
  for (const leads of effort.heldLeads) {
    const views = LIVE_VIEWS.filter((view) => view !== 'all rows' || leads <= effort.shownLeads)
    await withLeads(site, stage, leads, async (bytes) => {
      const found = await inTurns(LIVE_CONTENDERS, 1, (name) => measureOne(site, name, views, effort.leadChanges))
      for (const name of LIVE_CONTENDERS) {
        const label = `${leads.toLocaleString('en')} leads, ${name}`
        const [one] = found[name]
        const [peer] = found['PGlite on idb']
        if (!one || !peer) throw new Error(`${label}: nothing was measured`)
        for (const view of views) {
          const spread = spreadOf(one.changesMs[view])
          live[view].push([label, ...spreadCells(spread), times(spread.p50 / spreadOf(peer.changesMs[view]).p50)])
        }
        const { filledBytes, afterBytes, storedBytes } = one
        held.push([label, ...[filledBytes, afterBytes, storedBytes].map(megabytes), times(storedBytes / bytes)])
      }
    })
  }
  return {
    title: 'Local database: live queries, memory and storage',
    method: `A profile with so many leads: ours has them from the shape, PGlite by itself from one COPY into a table that then gets the same index on the time of arrival. Then one of the newest leads gets another status, ${effort.leadChanges} times, ours by \`db.write\` through the view, without a network, the other by UPDATE; measured is the time from there to the callback of the live query that shows it. "Newest 100" is ordered by that time with a limit, as the board is, "count by status" reads every lead, and "all rows" hands every lead to the page, which is not done with more than ${effort.shownLeads.toLocaleString('en')}. Memory and storage are read once a size, as in the section on opening: when all leads are there, and memory again after the live queries.`,
    tables: [
      ...LIVE_VIEWS.filter((view) => live[view].length > 0).map((view) => ({
        title: `From the change of one lead to a live query: ${view}`,
        columns: ['', 'p50', 'p95', 'middle half', 'to PGlite'],
        rows: live[view],
      })),
      {
        title: 'Memory and storage',
        columns: ['', 'memory when filled', 'after the live queries', 'in IndexedDB', 'to the answers of the shape'],
        rows: held,
      },
    ],
    goals: [],
    remarks: [
      'The pages are asked for a collection before memory is read, the worker cannot be. Memory of WebAssembly never shrinks.',
    ],
  }
}

interface Held {
  filledBytes: number
  afterBytes: number
  storedBytes: number
  changesMs: Record<LiveView, number[]>
}

function measureOne(
  site: LocalDbSite,
  name: LiveContender,
  views: readonly LiveView[],
  changes: number,
): Promise<Held> {
  return withBrowser(site.origin, async (browser) => {
    const page = await browser.openTab()
    const emptyBytes = await browser.memoryBytes()
    await page.evaluate((given) => globalThis.localDbPage.holdLeads(given), name)
    const filledBytes = (await browser.memoryBytes()) - emptyBytes
    const storedBytes = await browser.storedBytes()
    const changesMs: Held['changesMs'] = { 'newest 100': [], 'count by status': [], 'all rows': [] }
    for (const view of views) {
      changesMs[view] = await page.evaluate(([of, count]) => globalThis.localDbPage.changeOften(of, count), [
        view,
        changes,
      ] as const)
    }
    return { filledBytes, afterBytes: (await browser.memoryBytes()) - emptyBytes, storedBytes, changesMs }
  })
}
