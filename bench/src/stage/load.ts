import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ServerAddresses, ServerContender } from '../contenders/server/server-contender.ts'

/** What stands between the good operations of each batch, to spoil it. */
export type Poison = 'none' | 'refused by the form' | 'refused by the database'

export interface LoadTask {
  contender: ServerContender
  /** Operations a batch, the poisoned one included. */
  batch: number
  /** So many send at once, each the next batch as soon as the last one was answered. */
  clients: number
  durationMs: number
  poison: Poison
}

export interface LoadResult {
  rows: number
  elapsedMs: number
  /** Of each batch, in milliseconds. */
  latenciesMs: number[]
}

export type LoadAnswer = { kind: 'done'; result: LoadResult } | { kind: 'failed'; message: string }

/** Clients that send for a while, in a thread of their own, so that nothing else here slows them. */
export interface Load {
  run(task: LoadTask): Promise<LoadResult>
  stop(): Promise<void>
}

export async function startLoad({
  appPort,
  appDatabaseUrl,
  tenantId,
}: Omit<ServerAddresses, 'barePort'>): Promise<Load> {
  const bareHandler = new Worker(new URL('../contenders/server/bare-handler.ts', import.meta.url))
  const [barePort] = (await once(bareHandler, 'message')) as [number]
  const addresses: ServerAddresses = { appPort, appDatabaseUrl, tenantId, barePort }
  const load = new Worker(new URL('./load-worker.ts', import.meta.url), { workerData: addresses })
  return {
    async run(task) {
      const answered = once(load, 'message') as Promise<[LoadAnswer]>
      load.postMessage(task)
      const [answer] = await answered
      if (answer.kind === 'failed') throw new Error(`${task.contender}: ${answer.message}`)
      return answer.result
    },
    async stop() {
      await Promise.all([load.terminate(), bareHandler.terminate()])
    },
  }
}
