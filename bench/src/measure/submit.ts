import { DEVICE_CONTENDERS, type DeviceContender } from '../contenders/device/contender-names.ts'
import { milliseconds, times } from '../report/number.ts'
import type { Section } from '../report/section.ts'
import type { BenchSite } from '../stage/bench-site.ts'
import { onDevicePage } from '../stage/device-page.ts'
import type { Effort } from './effort.ts'
import { type Spread, spreadOf } from './spread.ts'

const FLOOR = 'raw strict put'

/** The queue by hand saves with the raw put, which is measured already. */
const NAMES = DEVICE_CONTENDERS.filter((name) => name !== 'one by one, by hand')

const HELD_FOR_SAVED_WHEN: Record<DeviceContender, string> = {
  'raw strict put': 'transaction complete, strict',
  landfall: 'transaction complete, strict',
  'one by one, by hand': 'transaction complete, strict',
  'workbox-background-sync': 'transaction complete, relaxed; tag registered',
  '@tanstack/offline-transactions': 'request succeeded, relaxed',
  'PGlite on idb': 'INSERT resolved, files flushed',
}

/** Milliseconds of saving one lead, by contender, while so many wait already. */
export async function saveTimes(
  site: BenchSite,
  effort: Pick<Effort, 'saveRounds' | 'saveWarmUp'>,
  alreadyQueued: number,
): Promise<Map<DeviceContender, Spread>> {
  const options = { names: [...NAMES], rounds: effort.saveRounds, warmUp: effort.saveWarmUp, alreadyQueued }
  const found = await onDevicePage(site.pageUrl, (page) =>
    page.evaluate((given) => globalThis.benchPage.saveRounds(given), options),
  )
  return new Map(found.map(({ name, samples }) => [name, spreadOf(samples)]))
}

/** From submit to durable: what a person waits for before "saved on this device". */
export async function measureSubmit(site: BenchSite, effort: Effort): Promise<Section> {
  const spreads = await saveTimes(site, effort, 0)
  const floorMs = spreads.get(FLOOR)?.p50 ?? Number.NaN
  const oursMs = spreads.get('landfall')?.p50 ?? Number.NaN
  return {
    title: 'Submit → durable',
    method:
      'One lead of an ordinary size, saved by each in turn on the same page, in Chromium with a profile on disk; each round begins with another. What a queue does afterwards is waited for and not counted. Each is measured up to the point at which it tells its caller that the lead is saved, which is not the same promise for all.',
    tables: [
      {
        title: `Time to save one lead, ${effort.saveRounds} rounds`,
        columns: ['', 'p50', 'p95', 'middle half', 'to the raw put', 'held for saved when'],
        rows: [...spreads].map(([name, { p25, p50, p75, p95 }]) => [
          name,
          milliseconds(p50),
          milliseconds(p95),
          `${milliseconds(p25)} – ${milliseconds(p75)}`,
          times(p50 / floorMs),
          HELD_FOR_SAVED_WHEN[name],
        ]),
      },
    ],
    goals: [
      { goal: 'ours at most 3× the raw strict put', found: times(oursMs / floorMs), isMet: oursMs <= 3 * floorMs },
    ],
    remarks: [
      'workbox is timed inside its service worker and not charged for the way there.',
      'A success of the request, which offline-transactions waits for, comes before the transaction has completed: a crash or a failed commit in between loses what was called saved. Relaxed durability may lose it to a power cut.',
    ],
  }
}
