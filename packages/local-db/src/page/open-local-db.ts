import { databaseNames } from '../protocol/database-names.ts'
import type { ConnectMessage, ShapeConfig } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'
import { rewriteQueue } from '../schema/chain/rewrite-queue.ts'
import { ControlChannel, WIPED_STATUS } from './control-channel.ts'
import { LocalDbOpenError } from './errors.ts'
import type { LocalDb, LocalDbOptions } from './local-db.ts'
import { reportNetwork } from './report-network.ts'
import { TabConnections } from './tab-connections.ts'
import { TabDatabase } from './tab-database.ts'
import { WorkerLink } from './worker-link.ts'

type Settled = Exclude<LocalDbStatus, { phase: 'opening' }>
type Ready = Extract<LocalDbStatus, { phase: 'ready' }>

const OPEN_WITHIN_MS = 30_000

/**
 * Opens the owner's database, or joins the worker that has it open. Resolves when it answers queries; the streams may
 * still be connecting. Rejects with `LocalDbOpenError` and may be called again. From then on it mends itself: a worker that
 * dies is replaced, a database that breaks is made anew, and the status tells.
 */
export async function openLocalDb(options: LocalDbOptions): Promise<LocalDb> {
  const { owner, workerUrl, queue, openWithinMs = OPEN_WITHIN_MS } = options
  const names = databaseNames(owner)
  // PGlite's client side only: the engine is loaded by the worker.
  const [{ PGliteWorker }, { live }, { createAccess }] = await Promise.all([
    import('@electric-sql/pglite/worker'),
    import('@electric-sql/pglite/live'),
    import('../access/create-access.ts'),
  ])
  let shapes = absolute(options.shapes)
  // Listens before the worker can speak.
  const control = new ControlChannel(names.controlChannel)
  const connections = new TabConnections({
    client: { PGliteWorker, live },
    lockId: names.lockId,
    whenReady: () => control.whenStatus(isReady),
  })
  const configure = () => control.send({ type: 'configure', shapes })
  const link = new WorkerLink({
    workerUrl,
    name: names.lockId,
    connect: (): ConnectMessage => ({ type: 'connect', owner, shapes, openWithinMs }),
    onConnected: () => {
      // The leader may be another worker than the one we connected to.
      configure()
      control.send({ type: 'ask-status' })
    },
    onDeath: () => {
      if (control.status.phase === 'ready') control.note({ phase: 'opening' })
      connections.renew()
    },
    onFailed: (error) => control.note({ phase: 'failed', message: messageOf(error) }),
    hasGivenUp: () => control.status.phase === 'failed',
  })
  const stopReporting = reportNetwork((isOnline) => control.send({ type: 'network', isOnline }))
  const stopWatching = control.subscribeStatus(() => {
    // Whoever reconnected would make the database anew for a person who has left.
    if (control.status === WIPED_STATUS) link.close()
  })
  const release = () => {
    stopWatching()
    stopReporting()
    link.close()
    control.close()
  }
  try {
    await link.connect()
    const settled = await control.whenStatus((status): status is Settled => status.phase !== 'opening')
    if (settled.phase === 'failed') throw new LocalDbOpenError(settled.message)
    await connections.pg()
    // A queue that can't be rewritten now is not held back: the server answers for each of its operations.
    if (queue) await rewriteQueue(queue).catch(() => {})
    return new TabDatabase({
      connections,
      control,
      names,
      queue,
      createAccess,
      configure: (given) => {
        shapes = absolute(given)
        configure()
      },
      release,
    })
  } catch (error) {
    connections.close()
    release()
    throw error
  }
}

function isReady(status: LocalDbStatus): status is Ready {
  return status.phase === 'ready'
}

function absolute(shapes: readonly ShapeConfig[]): ShapeConfig[] {
  return shapes.map((shape) => ({ ...shape, url: new URL(shape.url, location.href).href }))
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
