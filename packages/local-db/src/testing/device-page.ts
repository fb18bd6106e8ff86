import { Outbox } from '@landfall/outbox'
import { asc } from 'drizzle-orm'
import {
  type DeviceStorage,
  deleteLocalDb,
  type LocalDb,
  type LocalDbOptions,
  openLocalDb,
  readDeviceStorage,
} from '../index.ts'
import { notes } from '../schema/generated/tables.ts'
import { DEVICE_OWNER } from './device-owner.ts'

/** What a test reaches inside a page that has the real outbox beside the database. */
export interface DevicePage {
  db: LocalDb | undefined
  open(options?: Partial<LocalDbOptions>): Promise<void>
  /** Writes a note through the view, as a component does. Resolves when it is acknowledged. */
  write(body: string): Promise<void>
  /** Writes notes until it is stopped, and tells the test of each that is acknowledged. */
  writeOn(prefix: string): void
  /** Bodies of the notes in the view. */
  bodies(): Promise<string[]>
  /** Latest bodies of a live query. */
  live: string[]
  watch(): void
  /** Number of operations in the outbox. */
  queued(): Promise<number>
  queuedBodies(): Promise<string[]>
  storage(): Promise<DeviceStorage>
  /** The same of a database that is not open. */
  stored(owner: string): Promise<DeviceStorage>
  delete(owner: string): Promise<void>
}

declare global {
  interface Window {
    devicePage: DevicePage
    /** Given by a test that wants to hear of acknowledgements. */
    acknowledged?: (body: string) => Promise<void>
  }
}

const LEAD = '019a0000-0000-7000-8000-00000000cccc'

let outbox: Outbox | undefined

window.devicePage = {
  db: undefined,
  live: [],
  async open(options = {}) {
    const owner = options.owner ?? DEVICE_OWNER
    const tenantId = owner.split('.')[0] ?? ''
    outbox = new Outbox({ queue: owner, tenantId, kind: 'member', endpoint: '/api/sync/batch' })
    await outbox.start()
    this.db = await openLocalDb({ owner, workerUrl: window.workerUrl, shapes: [], queue: outbox, ...options })
  },
  async write(body) {
    if (!this.db) throw new Error('not open')
    await this.db.write((tx) => tx.insert(notes).values({ id: crypto.randomUUID(), leadId: LEAD, body }), {
      mode: 'optimistic',
    })
  },
  writeOn(prefix) {
    const next = async (count: number): Promise<void> => {
      const body = `${prefix}-${count}`
      await this.write(body)
      await window.acknowledged?.(body)
      return next(count + 1)
    }
    // What ends it is the end of the browser, or a closed database.
    next(0).catch(() => {})
  },
  async bodies() {
    if (!this.db) throw new Error('not open')
    const rows = await this.db.drizzle.select({ body: notes.body }).from(notes).orderBy(asc(notes.body))
    return rows.map(({ body }) => body)
  },
  watch() {
    if (!this.db) throw new Error('not open')
    const live = this.db.liveRows<{ body: string }>('SELECT body FROM notes ORDER BY body')
    const read = () => {
      this.live = (live.getState().rows ?? []).map(({ body }) => body)
    }
    live.subscribe(read)
    read()
  },
  async queued() {
    return (await outbox?.readSnapshot())?.entries.length ?? 0
  },
  async queuedBodies() {
    return ((await outbox?.readSnapshot())?.entries ?? []).map(({ changes }) => String(changes?.body))
  },
  async storage() {
    if (!this.db) throw new Error('not open')
    return this.db.storage()
  },
  stored: (owner) => readDeviceStorage(owner),
  delete: (owner) => deleteLocalDb(owner),
}
