import { INITIAL_SYNC_STATE, type SyncEngine } from '@landfall/outbox'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { callsOf, type Sync, useSync } from './use-sync.ts'

test('the calls reach the engine, whoever holds them', async () => {
  class Engine implements Partial<SyncEngine> {
    readonly told: string[] = []
    enqueue = async (...writes: unknown[]) => void this.told.push(`enqueue ${writes.length}`) as never
    async flush(options: { urgency?: string } = {}) {
      this.told.push(`flush ${options.urgency}`)
      return undefined
    }
    async start() {
      this.told.push('start')
    }
    stop() {
      this.told.push('stop')
    }
  }
  const engine = new Engine()
  const { enqueue, flush, start, stop } = callsOf(engine as unknown as SyncEngine)
  await start()
  await enqueue({} as never, {} as never)
  await flush({ urgency: 'now' })
  stop()
  expect(engine.told).toEqual(['start', 'enqueue 2', 'flush now', 'stop'])
})

const seen: Sync[] = []

function Page() {
  seen.push(useSync())
  return null
}

test('before there is an engine, nothing is said to be kept', async () => {
  renderToStaticMarkup(<Page />)
  const [sync] = seen
  expect(sync?.state).toEqual(INITIAL_SYNC_STATE)
  await expect(sync?.enqueue({} as never)).rejects.toMatchObject({ name: 'OutboxUnavailableError' })
  await expect(sync?.flush()).resolves.toBeUndefined()
})
