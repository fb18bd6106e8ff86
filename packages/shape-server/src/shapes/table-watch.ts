import type { Table } from '../catalog/table.ts'
import { isSameTable, readTableStates, type TableState } from '../catalog/table-state.ts'
import type { Database } from '../database.ts'
import { tablesOf } from './definition.ts'
import type { RotationReason } from './shape.ts'
import type { ShapeRegistry } from './shape-registry.ts'

export interface TableWatchOptions {
  database: Database
  publicationName: string
  registry: Pick<ShapeRegistry, 'following'>
  intervalMs: number
}

/**
 * Looks from time to time for what leaves no trace in the stream: tables that were dropped or renamed, partitions that
 * came or went with their rows or were truncated, tables that were taken out of the publication or whose changes are
 * streamed under the name of another one.
 */
export class TableWatch {
  readonly #options: TableWatchOptions
  readonly #timer: NodeJS.Timeout
  #isLooking = false

  constructor(options: TableWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#look(), options.intervalMs)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    await this.#compare().finally(() => {
      this.#isLooking = false
    })
  }

  async #compare(): Promise<void> {
    const { database, publicationName, registry } = this.#options
    // Those whose snapshot is still being taken may not be published yet.
    const shapes = registry.following
    const oids = [...new Set(shapes.flatMap(({ definition }) => tablesOf(definition).map(({ oid }) => oid)))]
    if (oids.length === 0) return
    const states = await readTableStates(database, publicationName, oids).catch(() => undefined)
    // No database: the stream will notice, too.
    if (!states) return
    for (const shape of shapes) {
      for (const table of tablesOf(shape.definition)) {
        const reason = reasonToRotate(table, states.get(table.oid))
        if (reason) shape.rotate(reason)
      }
    }
  }
}

function reasonToRotate(table: Table, state: TableState | undefined): RotationReason | undefined {
  if (!state) return 'dropped'
  if (!isSameTable(state, table)) return 'altered'
  if (state.publishedRoot) return 'root-published'
  return state.isPublished ? undefined : 'unpublished'
}
