import { type LocalDb, type LocalDbOptions, openLocalDb } from '../index.ts'

/** What a test reaches inside the page. */
export interface TestPage {
  open(options: Partial<LocalDbOptions>): Promise<void>
  db: LocalDb | undefined
  /** Latest rows of each live query by its name. */
  live: Record<string, Record<string, unknown>[]>
  watch(name: string, sql: string): Promise<void>
}

declare global {
  interface Window {
    testPage: TestPage
    workerUrl: string
  }
}

window.testPage = {
  db: undefined,
  live: {},
  async open(options) {
    this.db = await openLocalDb({ owner: 'acme', workerUrl: window.workerUrl, shapes: [], ...options })
  },
  async watch(name, sql) {
    await this.db?.pg.live.query<Record<string, unknown>>(sql, [], ({ rows }) => {
      this.live[name] = rows
    })
  },
}
