import { parentPort, workerData } from 'node:worker_threads'
import { openClient } from '../contenders/server/open-client.ts'
import type { ServerAddresses, ServerClient } from '../contenders/server/server-contender.ts'
import { newDevice } from '../sample/device.ts'
import { sampleLeads } from '../sample/lead.ts'
import type { LoadAnswer, LoadResult, LoadTask } from './load.ts'
import { poisoned } from './poisoned.ts'

/** After so many leads another device goes on: no visitor sends thousands, and whoever does looks like spam. */
const LEADS_A_DEVICE = 500

const addresses = workerData as ServerAddresses

parentPort?.on('message', (task: LoadTask) => {
  run(task).then(
    (result) => tell({ kind: 'done', result }),
    (error) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
})

const tell = (answer: LoadAnswer) => parentPort?.postMessage(answer)

async function run(task: LoadTask): Promise<LoadResult> {
  const clients = await Promise.all(Array.from({ length: task.clients }, () => openClient(task.contender, addresses)))
  const latenciesMs: number[] = []
  try {
    // The first batch of each connection plans statements and proves the device; nobody measures it.
    await Promise.all(clients.map((client) => client.send(newDevice(), sampleLeads(task.batch), 0)))
    const startMs = performance.now()
    const sent = await Promise.all(
      clients.map((client) => sendUntil(startMs + task.durationMs, client, task, latenciesMs)),
    )
    return { rows: sent.reduce((sum, rows) => sum + rows, 0), elapsedMs: performance.now() - startMs, latenciesMs }
  } finally {
    await Promise.all(clients.map((client) => client.close()))
  }
}

async function sendUntil(
  deadlineMs: number,
  client: ServerClient,
  { batch, poison }: LoadTask,
  latenciesMs: number[],
): Promise<number> {
  let device = newDevice()
  let rows = 0
  while (performance.now() < deadlineMs) {
    const operations = poisoned(sampleLeads(batch), poison)
    const startMs = performance.now()
    await client.send(device, operations, poison === 'none' ? 0 : 1)
    latenciesMs.push(performance.now() - startMs)
    if (Math.floor(rows / LEADS_A_DEVICE) < Math.floor((rows + batch) / LEADS_A_DEVICE)) device = newDevice()
    rows += batch
  }
  return rows
}
