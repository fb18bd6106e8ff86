import { Outbox } from '@landfall/outbox'
import { sql } from 'drizzle-orm'
import { type LocalDb, type LocalDbStatus, openLocalDb } from '../../index.ts'

/** What a test reaches inside a page of one of two builds. */
export interface BuildsPage {
  open(): Promise<void>
  close(): Promise<void>
  /** As a component would, and resolves as for one: when the outbox has it on disk. */
  write(statement: string): Promise<void>
  /** Into the database alone: a page that dies before its write is in the outbox. */
  writeWithoutOutbox(statement: string): Promise<void>
  query(statement: string): Promise<Record<string, unknown>[]>
  status(): LocalDbStatus | undefined
  /** Waiting, delivered and dead entries of the queue, with what lists are shown of them. */
  entries(): Promise<{ state: string; reason: string | null; attempts: number; changes: unknown }[]>
}

declare global {
  interface Window {
    buildsPage: BuildsPage
    buildsWorkerUrl: string
  }
}

const OWNER = '019a0000-0000-7000-8000-0000000000aa.019a0000-0000-7000-8000-0000000000bb'

const outbox = new Outbox({
  queue: OWNER,
  tenantId: OWNER.split('.')[0] ?? '',
  kind: 'member',
  endpoint: '/api/sync/batch',
})
let db: LocalDb | undefined

function opened(): LocalDb {
  if (!db) throw new Error('not open')
  return db
}

window.buildsPage = {
  async open() {
    await outbox.start()
    db = await openLocalDb({ owner: OWNER, workerUrl: window.buildsWorkerUrl, shapes: [], queue: outbox })
  },
  async close() {
    await db?.close()
    db = undefined
  },
  async write(statement) {
    await opened().write((tx) => tx.execute(sql.raw(statement)))
  },
  async writeWithoutOutbox(statement) {
    await opened().pg.exec(statement)
  },
  async query(statement) {
    return (await opened().pg.query<Record<string, unknown>>(statement)).rows
  },
  status: () => db?.getStatus(),
  async entries() {
    const { entries } = await outbox.readSnapshot()
    return entries.map(({ state, reason, attempts, changes }) => ({ state, reason, attempts, changes }))
  },
}
