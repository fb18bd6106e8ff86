import { newDevice } from '../../sample/device.ts'
import { BATCH_PATH, batchRequest } from '../../sample/request.ts'
import type { DrainableQueue } from './device-queue.ts'
import { StrictStore } from './strict-store.ts'

/** The queue that one writes by hand: each lead posted by itself, and deleted strictly when it was answered. */
export async function openOneByOne(): Promise<DrainableQueue> {
  const store = await StrictStore.open('one-by-one')
  const device = newDevice()
  return {
    async save(lead) {
      const startMs = performance.now()
      await store.put([lead])
      return performance.now() - startMs
    },
    settle: async () => {},
    fill: (leads) => store.put(leads),
    async drain() {
      const startMs = performance.now()
      for (let lead = await store.first(); lead; lead = await store.first()) {
        const response = await fetch(BATCH_PATH, batchRequest(device, [lead]))
        if (!response.ok) throw new Error(`the server answered ${response.status}`)
        await response.json()
        await store.delete(lead.opId)
      }
      return performance.now() - startMs
    },
  }
}
