import { sampleLead, sampleLeads } from '../../sample/lead.ts'
import { openBackgroundSync } from './background-sync.ts'
import type { DeviceContender, DrainContender } from './contender-names.ts'
import type { DeviceQueue, DrainableQueue } from './device-queue.ts'
import { openLandfallOutbox } from './landfall-outbox.ts'
import { openOfflineTransactions } from './offline-transactions.ts'
import { openOneByOne } from './one-by-one.ts'
import { openPglite } from './pglite.ts'
import { openRawPut } from './raw-put.ts'

const OPEN = {
  'raw strict put': openRawPut,
  landfall: openLandfallOutbox,
  'one by one, by hand': openOneByOne,
  'workbox-background-sync': openBackgroundSync,
  '@tanstack/offline-transactions': openOfflineTransactions,
  'PGlite on idb': openPglite,
} satisfies Record<Exclude<DeviceContender, DrainContender>, () => Promise<DeviceQueue>> &
  Record<DrainContender, () => Promise<DrainableQueue>>

/** What the measures reach inside the page. */
const pageApi = {
  /**
   * Saves one lead with each contender in turn, round after round; each round begins with another one, so that none
   * always follows the same.
   *
   * @returns milliseconds by contender, without the rounds of the warm-up
   */
  async saveRounds(options: { names: DeviceContender[]; rounds: number; warmUp: number; alreadyQueued: number }) {
    const queues: { name: DeviceContender; queue: DeviceQueue; samples: number[] }[] = []
    for (const name of options.names) {
      const queue = await OPEN[name]()
      if (options.alreadyQueued > 0) await queue.fill(sampleLeads(options.alreadyQueued))
      await queue.settle()
      queues.push({ name, queue, samples: [] })
    }
    for (let round = -options.warmUp; round < options.rounds; round += 1) {
      const first = Math.abs(round) % queues.length
      for (const { queue, samples } of [...queues.slice(first), ...queues.slice(0, first)]) {
        const elapsedMs = await queue.save(sampleLead())
        await queue.settle()
        if (round >= 0) samples.push(elapsedMs)
      }
    }
    return queues.map(({ name, samples }) => ({ name, samples }))
  },

  /** @returns milliseconds until a queue that was filled offline had delivered all */
  async fillAndDrain(options: { name: DrainContender; leads: number }): Promise<number> {
    const queue = await OPEN[options.name]()
    await queue.fill(sampleLeads(options.leads))
    await queue.settle()
    return queue.drain()
  },
}

export type BenchPage = typeof pageApi

declare global {
  var benchPage: BenchPage
}

globalThis.benchPage = pageApi
