import { SYNC_PROTOCOL } from '@landfall/contract'
import { type AppDatabase, connect } from '@landfall/database'
import { applyBatch, createHandlerRegistry } from '@landfall/ingest'
import { uuidv7 } from 'uuidv7'
import type { ServerClient } from './server-contender.ts'

const registry = createHandlerRegistry()

/** The engine without the app round it: no HTTP, no host, no limits, no proof of the device. */
export function openEngineClient(databaseUrl: string, tenantId: string): ServerClient {
  const database: AppDatabase = connect({ url: databaseUrl, max: 1 })
  return {
    async send(device, operations, poisoned) {
      const answer = await applyBatch({
        database,
        registry,
        principal: { kind: 'visitor', tenantId, clientId: device.clientId },
        batch: {
          protocol: SYNC_PROTOCOL,
          clientId: device.clientId,
          sentAt: new Date().toISOString(),
          operations,
        },
        requestId: uuidv7(),
      })
      const rejected = answer.results.filter((result) => result.outcome !== 'applied')
      if (rejected.length !== poisoned) throw new Error(`the engine answered ${JSON.stringify(rejected).slice(0, 600)}`)
    },
    close: () => database.$client.end(),
  }
}
