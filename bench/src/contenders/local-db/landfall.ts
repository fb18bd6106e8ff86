import { type LocalDb, openLocalDb } from '@landfall/local-db'
import { Outbox } from '@landfall/outbox'

/** Whose database it is, and the name of the queue. */
const OWNER = 'bench'

export interface Landfall {
  db: LocalDb
  outbox: Outbox
}

export interface LandfallOptions {
  /** When a put of the outbox is on disk. */
  onPut?: () => void
}

/**
 * Our own, through what it exports, as the dashboard uses it. There is no network for the outbox: what is written stays
 * in it, so that no answer comes in between.
 */
export async function openLandfall({ onPut = () => {} }: LandfallOptions = {}): Promise<Landfall> {
  const outbox = openOutbox(OWNER)
  const put = outbox.put.bind(outbox)
  outbox.put = async (...given) => {
    await put(...given)
    onPut()
  }
  const db = await openLocalDb({ owner: OWNER, workerUrl: globalThis.localDbWorkerUrl, shapes: [], queue: outbox })
  return { db, outbox }
}

/** An outbox of a member by itself. */
export function openOutbox(queue: string): Outbox {
  return new Outbox({
    queue,
    tenantId: OWNER,
    kind: 'member',
    endpoint: '/api/sync/batch',
    fetch: () => Promise.reject(new TypeError('offline')),
  })
}

declare global {
  var localDbWorkerUrl: string
}
