/// <reference lib="webworker" />
import type { DeviceIdentity } from '@landfall/contract'
import { Queue } from 'workbox-background-sync'
import { BATCH_PATH, batchRequest } from '../../sample/request.ts'
import type { WorkerAnswer, WorkerTask } from './background-sync.ts'

declare const self: ServiceWorkerGlobalScope

// The bench says when to replay; a `sync` event that the browser fires at once must not empty the queue meanwhile.
const queue = new Queue('bench', { onSync: async () => {} })

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  const [port] = event.ports
  event.waitUntil(
    work(event.data as WorkerTask).then(
      (elapsedMs) => port?.postMessage({ kind: 'done', elapsedMs } satisfies WorkerAnswer),
      (error) => port?.postMessage({ kind: 'failed', message: String(error) } satisfies WorkerAnswer),
    ),
  )
})

async function work(task: WorkerTask): Promise<number> {
  const startMs = performance.now()
  switch (task.kind) {
    case 'push':
      for (const lead of task.leads) await queue.pushRequest({ request: requestOf(task.device, lead) })
      break
    case 'replay':
      await queue.replayRequests()
      break
  }
  const elapsedMs = performance.now() - startMs
  if (task.kind === 'replay' && (await queue.size()) > 0) throw new Error('workbox left something behind')
  return elapsedMs
}

function requestOf(device: DeviceIdentity, lead: Parameters<typeof batchRequest>[1][number]): Request {
  return new Request(new URL(BATCH_PATH, self.location.href), batchRequest(device, [lead]))
}
