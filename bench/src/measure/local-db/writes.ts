import { WRITE_CONTENDERS } from '../../contenders/local-db/contender-names.ts'
import { milliseconds, times } from '../../report/number.ts'
import type { Section } from '../../report/section.ts'
import { withBrowser } from '../../stage/local-db-browser.ts'
import type { LocalDbSite } from '../../stage/local-db-site.ts'
import type { Effort } from '../effort.ts'
import { spreadOf } from '../spread.ts'
import { spreadCells } from './trials.ts'

const FLOOR = 'put into the outbox alone'
const PEER = 'PGlite on idb'

/** One row through the view: until it is on disk, and until those who show it are told. */
export async function measureWrites(site: LocalDbSite, effort: Effort): Promise<Section> {
  const samples = await withBrowser(site.origin, async (browser) => {
    const [page, other] = [await browser.openTab(), await browser.openTab()]
    for (const tab of [page, other]) await tab.evaluate(() => globalThis.localDbPage.showNotes())
    const options = { rounds: effort.noteRounds, warmUp: effort.noteWarmUp }
    return page.evaluate((given) => globalThis.localDbPage.writeNoteRounds(given), options)
  })
  const durable = (name: (typeof WRITE_CONTENDERS)[number]) => spreadOf(samples.durableMs[name])
  const shown = {
    'landfall, same tab': spreadOf(samples.shownMs.own),
    'landfall, another tab': spreadOf(samples.shownMs.other),
    [PEER]: spreadOf(samples.shownMs.plain),
  }
  const toPeer = durable('landfall').p50 / durable(PEER).p50
  return {
    title: 'Local database: writes',
    method: `One note, ${effort.noteRounds} rounds in which each writes one in turn, two tabs open, no network. Ours is \`db.write\` with one INSERT into the view \`notes\`: a transaction of PGlite in the worker, then a strict put into the outbox; it has a live query of the newest 100 notes in each tab. The floor is that put alone, into an outbox of its own. PGlite by itself is in the page with its defaults, where an INSERT resolves when its files are flushed, and has the same live query.`,
    tables: [
      {
        title: 'Until one note is on disk',
        columns: ['', 'p50', 'p95', 'middle half', 'to the put', 'held for saved when'],
        rows: [
          ...WRITE_CONTENDERS.map((name) => [
            name,
            ...spreadCells(durable(name)),
            times(durable(name).p50 / durable(FLOOR).p50),
            HELD_FOR_SAVED_WHEN[name],
          ]),
          ...(samples.outboxMs.length === 0
            ? []
            : [
                [
                  'landfall: of which until the outbox has it',
                  ...spreadCells(spreadOf(samples.outboxMs)),
                  times(spreadOf(samples.outboxMs).p50 / durable(FLOOR).p50),
                  '',
                ],
              ]),
        ],
      },
      {
        title: 'From the write to the callback of a live query',
        columns: ['', 'p50', 'p95', 'middle half', 'to PGlite'],
        rows: Object.entries(shown).map(([name, spread]) => [
          name,
          ...spreadCells(spread),
          times(spread.p50 / shown[PEER].p50),
        ]),
      },
    ],
    goals: [
      {
        goal: 'a note is on disk in at most the time of PGlite by itself',
        found: `${times(toPeer)}, ${milliseconds(durable('landfall').p50)}`,
        isMet: toPeer <= 1,
      },
    ],
    remarks: [
      'What the other tab shows is told back over a broadcast channel, so that one clock is enough; that hop is in its time.',
      '`db.write` resolves after the view was made equal to the outbox again, which is later than the put.',
    ],
  }
}

const HELD_FOR_SAVED_WHEN: Record<(typeof WRITE_CONTENDERS)[number], string> = {
  'put into the outbox alone': 'transaction complete, strict',
  landfall: 'files of PGlite flushed; outbox complete, strict',
  'PGlite on idb': 'INSERT resolved, files flushed',
}
