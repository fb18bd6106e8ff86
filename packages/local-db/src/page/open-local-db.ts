import { databaseNames } from '../protocol/database-names.ts'
import type { ConnectMessage } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'
import { connectWorker } from './connect-worker.ts'
import { ControlChannel } from './control-channel.ts'
import { LocalDbOpenError } from './errors.ts'
import type { LocalDb, LocalDbOptions } from './local-db.ts'
import { readSqlStates } from './read-sql-states.ts'
import { reportNetwork } from './report-network.ts'
import { TabDatabase } from './tab-database.ts'

type Settled = Exclude<LocalDbStatus, { phase: 'opening' }>

/**
 * Opens the tenant's database, or joins the worker that has it open. Resolves when it answers queries; the streams may
 * still be connecting. Rejects with `LocalDbOpenError` and may be called again.
 */
export async function openLocalDb({ tenantId, workerUrl, shapes }: LocalDbOptions): Promise<LocalDb> {
  const names = databaseNames(tenantId)
  // PGlite's client side only: the engine is loaded by the worker.
  const [{ PGliteWorker }, { live }, { createAccess }] = await Promise.all([
    import('@electric-sql/pglite/worker'),
    import('@electric-sql/pglite/live'),
    import('../access/create-access.ts'),
  ])
  const absoluteShapes = shapes.map((shape) => ({ ...shape, url: new URL(shape.url, location.href).href }))
  // Listens before the worker can speak.
  const control = new ControlChannel(names.controlChannel)
  const connect: ConnectMessage = { type: 'connect', tenantId, shapes: absoluteShapes }
  const connection = await connectWorker(workerUrl, names.lockId, connect).catch((error: unknown) => {
    control.close()
    throw error
  })
  const stopReporting = reportNetwork((isOnline) => control.send({ type: 'network', isOnline }))
  const release = () => {
    stopReporting()
    connection.close()
    control.close()
  }
  try {
    // The leader may be another worker than the one we connected to.
    control.send({ type: 'configure', shapes: absoluteShapes })
    control.send({ type: 'ask-status' })
    const worker = Object.assign(connection.handshake, { terminate: release }) as unknown as Worker
    const opening = PGliteWorker.create(worker, { id: names.lockId, extensions: { live } }).then(async (pg) => {
      await pg.waitReady
      readSqlStates(pg)
      return pg
    })
    const settled = control.whenStatus((status): status is Settled => status.phase !== 'opening')
    const refused = settled.then((status) => {
      if (status.phase === 'failed') throw new LocalDbOpenError(status.message)
    })
    const [pg] = await Promise.race([Promise.all([opening, refused]), connection.failed, failure(refused)])
    return new TabDatabase(pg, control, names, createAccess)
  } catch (error) {
    release()
    throw error
  }
}

/** Rejects as soon as `promise` does, and never resolves: `Promise.all` alone would wait for a worker that gave up. */
function failure(promise: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    promise.catch(reject)
  })
}
