import type { DeviceIdentity, Operation } from '@landfall/contract'
import { newDevice } from '../../sample/device.ts'
import type { DrainableQueue } from './device-queue.ts'

/** Where the site of the bench serves the service worker. */
export const BACKGROUND_SYNC_WORKER_PATH = '/background-sync-worker.js'

export type WorkerTask = { kind: 'push'; device: DeviceIdentity; leads: Operation[] } | { kind: 'replay' }
export type WorkerAnswer = { kind: 'done'; elapsedMs: number } | { kind: 'failed'; message: string }

/**
 * `workbox-background-sync` in its service worker, as it is meant to run. `pushRequest` resolves when a transaction with
 * relaxed durability has completed and the sync tag is registered.
 */
export async function openBackgroundSync(): Promise<DrainableQueue> {
  await navigator.serviceWorker.register(BACKGROUND_SYNC_WORKER_PATH)
  const { active } = await navigator.serviceWorker.ready
  if (!active) throw new Error('the service worker did not become active')
  const device = newDevice()

  const ask = (task: WorkerTask): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
        port1.close()
        if (data.kind === 'done') resolve(data.elapsedMs)
        else reject(new Error(data.message))
      }
      active.postMessage(task, [port2])
    })

  return {
    save: (lead) => ask({ kind: 'push', device, leads: [lead] }),
    settle: async () => {},
    fill: async (leads) => void (await ask({ kind: 'push', device, leads })),
    drain: () => ask({ kind: 'replay' }),
  }
}
