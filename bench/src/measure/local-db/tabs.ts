import { times } from '../../report/number.ts'
import type { Section } from '../../report/section.ts'
import { withBrowser } from '../../stage/local-db-browser.ts'
import type { LocalDbSite } from '../../stage/local-db-site.ts'
import type { Effort } from '../effort.ts'
import { megabytes } from '../shapes/memory.ts'
import { type Spread, spreadOf } from '../spread.ts'
import { spreadCells } from './trials.ts'

const TABS = ['first tab', 'second tab', 'third tab'] as const

interface Trial {
  openMs: number[]
  /** Of all pages and workers, beyond three tabs in which nothing is open. */
  memoryBytes: number[]
  aloneMs: number[]
  amongThreeMs: number[]
  /** Until the last of the other two tabs shows it. */
  lastMs: number[]
}

/** What a second and a third tab on the same database add. */
export async function measureTabs(site: LocalDbSite, effort: Effort): Promise<Section> {
  const trials: Trial[] = []
  for (let trial = 0; trial < effort.tabTrials; trial += 1) trials.push(await openThree(site, effort.tabNotes))
  const first = spreadOf(trials.map(({ openMs }) => openMs[0] ?? Number.NaN))
  const memoryOf = (tab: number) => spreadOf(trials.map(({ memoryBytes }) => memoryBytes[tab] ?? Number.NaN)).p50
  const alone = spreadOf(trials.flatMap(({ aloneMs }) => aloneMs))
  const calls: [string, Spread][] = [
    ['one tab', alone],
    ['three tabs: the one that writes', spreadOf(trials.flatMap(({ amongThreeMs }) => amongThreeMs))],
    ['three tabs: the last of the others', spreadOf(trials.flatMap(({ lastMs }) => lastMs))],
  ]
  return {
    title: 'Local database: three tabs',
    method: `In ${effort.tabTrials} new profiles, three tabs of the site are open, and each opens the database in turn and shows its newest 100 notes by a live query. Time is from the call until those are there, the first time with files from the network. Memory is that of all pages and workers beyond the three tabs before, so each line holds those above it. Then ${effort.tabNotes} notes are written in the first tab, as in the section on writes: once before the other two have opened, once after.`,
    tables: [
      {
        title: 'Opening in one tab after the other',
        columns: ['', 'p50', 'p95', 'middle half', 'to the first', 'memory so far', 'to one tab'],
        rows: TABS.map((name, tab) => {
          const spread = spreadOf(trials.map(({ openMs }) => openMs[tab] ?? Number.NaN))
          return [
            name,
            ...spreadCells(spread),
            times(spread.p50 / first.p50),
            megabytes(memoryOf(tab)),
            times(memoryOf(tab) / memoryOf(0)),
          ]
        }),
      },
      {
        title: 'From the write of a note to the callback of a live query',
        columns: ['', 'p50', 'p95', 'middle half', 'to one tab'],
        rows: calls.map(([name, spread]) => [name, ...spreadCells(spread), times(spread.p50 / alone.p50)]),
      },
    ],
    goals: [],
    remarks: [],
  }
}

async function openThree(site: LocalDbSite, notes: number): Promise<Trial> {
  return withBrowser(site.origin, async (browser) => {
    const pages = [await browser.openTab(), await browser.openTab(), await browser.openTab()]
    const [writer] = pages
    if (!writer) throw new Error('no tab was opened')
    const emptyBytes = await browser.memoryBytes()
    const trial: Trial = { openMs: [], memoryBytes: [], aloneMs: [], amongThreeMs: [], lastMs: [] }
    const write = (otherTabs: number) =>
      writer.evaluate(([count, others]) => globalThis.localDbPage.writeNotes(count, others), [
        notes,
        otherTabs,
      ] as const)
    for (const page of pages) {
      trial.openMs.push(await page.evaluate(() => globalThis.localDbPage.showNotes()))
      trial.memoryBytes.push((await browser.memoryBytes()) - emptyBytes)
      if (page === writer) trial.aloneMs = (await write(0)).map(({ ownMs }) => ownMs)
    }
    const among = await write(2)
    trial.amongThreeMs = among.map(({ ownMs }) => ownMs)
    trial.lastMs = among.map(({ othersMs }) => Math.max(...othersMs))
    return trial
  })
}
