import type { DeviceQueue } from './device-queue.ts'
import { StrictStore } from './strict-store.ts'

/** The floor: nothing that is on disk afterwards can cost less than one strict put of the same content. */
export async function openRawPut(): Promise<DeviceQueue> {
  const store = await StrictStore.open('raw-put')
  return {
    async save(lead) {
      const startMs = performance.now()
      await store.put([lead])
      return performance.now() - startMs
    },
    settle: async () => {},
    fill: (leads) => store.put(leads),
  }
}
