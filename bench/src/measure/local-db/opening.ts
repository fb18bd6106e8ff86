import { OPENING_CONTENDERS, type OpeningContender } from '../../contenders/local-db/contender-names.ts'
import { figure, milliseconds, times } from '../../report/number.ts'
import type { Section } from '../../report/section.ts'
import { withProfile } from '../../stage/local-db-browser.ts'
import type { LocalDbSite } from '../../stage/local-db-site.ts'
import type { Effort } from '../effort.ts'
import { megabytes } from '../shapes/memory.ts'
import { spreadOf } from '../spread.ts'
import { inTurns, spreadCells } from './trials.ts'

const FLOOR = 'PGlite on idb'
/** The site compresses a file when it is first asked for. */
const WARM_UP_ROUNDS = 1

interface Opening {
  openMs: number
  sentBytes: number
  storedBytes: number
  /** What the renderers hold beyond those of an empty page. */
  memoryBytes: number
}

/** The first opening on a device, which downloads all and makes the database, and a later one in a new browser. */
export async function measureOpening(site: LocalDbSite, effort: Effort): Promise<Section> {
  const found = await inTurns(OPENING_CONTENDERS, effort.openings, (name) => openTwice(site, name), WARM_UP_ROUNDS)
  const spread = (name: OpeningContender, which: 'first' | 'again') =>
    spreadOf(found[name].map((trial) => trial[which].openMs))
  const median = (name: OpeningContender, which: 'first' | 'again', of: keyof Opening) =>
    spreadOf(found[name].map((trial) => trial[which][of])).p50
  const share = spread('landfall', 'first').p50 / spread(FLOOR, 'first').p50
  const reopenMs = spread('landfall', 'again').p50
  return {
    title: 'Local database: opening',
    method: `From the call until the first rows of a query, ${effort.openings} times in new profiles, in turns. The other is PGlite as it is published, in the page, with an initdb of its own and one table. Both get their files from the same server, compressed by brotli, and the engine is the same file; a round before the first is not counted. "Again" is the same profile in a new browser, so that nothing is in memory and all files are in the cache. Downloaded are the bodies of all answers after the page itself. Memory is what the renderers hold for themselves (private, all pages and workers) beyond an empty page of the same site.`,
    tables: [
      {
        title: `Opening, ${effort.openings} profiles each`,
        columns: ['', 'p50', 'p95', 'middle half', 'to PGlite', 'downloaded', 'in IndexedDB', 'memory'],
        rows: (['first', 'again'] as const).flatMap((which) =>
          OPENING_CONTENDERS.map((name) => [
            `${name}, ${which === 'first' ? 'first time' : 'again'}`,
            ...spreadCells(spread(name, which)),
            times(spread(name, which).p50 / spread(FLOOR, which).p50),
            `${figure(median(name, which, 'sentBytes') / 1_000)} kB`,
            megabytes(median(name, which, 'storedBytes')),
            megabytes(median(name, which, 'memoryBytes')),
          ]),
        ),
      },
    ],
    goals: [
      {
        goal: 'the first opening at most 0.3× that of PGlite with initdb',
        found: times(share),
        isMet: share <= 0.3,
      },
      { goal: 'opening again in at most 300 ms', found: milliseconds(reopenMs), isMet: reopenMs <= 300 },
    ],
    remarks: [
      'Ours starts a worker, has the whole schema with its views and triggers, and is ready for other tabs; PGlite by itself has one table and is ready for its page.',
    ],
  }
}

function openTwice(site: LocalDbSite, name: OpeningContender): Promise<{ first: Opening; again: Opening }> {
  return withProfile(site.origin, async (inBrowser) => {
    const open = () =>
      inBrowser(async (browser): Promise<Opening> => {
        const page = await browser.openTab()
        const emptyBytes = await browser.memoryBytes()
        site.takeSentBytes()
        const openMs = await page.evaluate((given) => globalThis.localDbPage.open(given), name)
        const sentBytes = site.takeSentBytes()
        const memoryBytes = (await browser.memoryBytes()) - emptyBytes
        return { openMs, sentBytes, storedBytes: await browser.storedBytes(), memoryBytes }
      })
    return { first: await open(), again: await open() }
  })
}
