import { type Column, existingTables } from '../catalog/table.ts'
import type { Database } from '../database.ts'
import type { Log } from '../log.ts'
import { publishTable } from '../replication/publication.ts'
import { type DefinitionParameters, defineShape } from './define-shape.ts'
import type { ShapeDefinition } from './definition.ts'
import type { Shape } from './shape.ts'
import { type RegisteredShape, ShapeRegistry } from './shape-registry.ts'
import { takeSnapshot } from './snapshot.ts'
import { readSubset, type SubsetParameters } from './subset.ts'

/** How soon a dropped table is noticed: dropping leaves no trace in the stream. */
const TABLE_CHECK_MS = 2_000
/** A definition can be written in endless ways; those that were not seen for long are worked out again. */
const KNOWN_CAPACITY = 10_000

export interface ShapeServiceOptions {
  database: Database
  publicationName: string
  /** Whether changes are arriving: a snapshot taken before the stream is there could not be joined to it. */
  isStreaming(): boolean
  log: Log
}

/** There is no stream to follow; comes right by itself when Postgres is back. */
export class ReplicationAwayError extends Error {
  override name = 'ReplicationAwayError'
}

/** Finds or makes the shape that a client means, and rotates the shapes of tables that are gone. */
export class ShapeService {
  readonly registry: ShapeRegistry
  readonly #options: ShapeServiceOptions
  /** Definitions as clients wrote them, so that a known one is answered without asking the catalog. */
  readonly #known = new Map<string, ShapeDefinition>()
  readonly #tableCheck: NodeJS.Timeout

  constructor(options: ShapeServiceOptions) {
    this.#options = options
    const { database, publicationName, log } = options
    this.registry = new ShapeRegistry({
      async snapshot(definition, isAcceptable) {
        await publishTable(database, publicationName, definition.table)
        return takeSnapshot(database, definition, isAcceptable)
      },
      onRotated: (shape, reason) => {
        this.#forget(shape.definition)
        log({ level: 'info', message: 'shape rotated', ...describe(shape.definition), handle: shape.handle, reason })
      },
      onSnapshotFailed: (shape, error) => {
        this.#forget(shape.definition)
        log({ level: 'warn', message: 'snapshot failed', ...describe(shape.definition), error: String(error) })
      },
    })
    this.#tableCheck = setInterval(() => this.#rotateDroppedTables(), TABLE_CHECK_MS)
  }

  /** Throws an InvalidRequestError for a definition that the catalog does not bear out. */
  async resolve(parameters: DefinitionParameters): Promise<RegisteredShape> {
    this.#requireStream()
    const written = JSON.stringify(Object.entries(parameters).sort())
    const known = this.#known.get(written)
    const found = known && this.registry.find(known.id)
    if (found) return found
    const definition = await defineShape(this.#options.database, parameters)
    this.#requireStream()
    if (this.#known.size >= KNOWN_CAPACITY) this.#known.clear()
    const registered = this.registry.findOrCreate(definition)
    this.#known.set(written, registered.shape.definition)
    return registered
  }

  /** Like `resolve`, but makes nothing. */
  async find(parameters: DefinitionParameters): Promise<Shape | undefined> {
    const { id } = await defineShape(this.#options.database, parameters)
    return this.registry.find(id)?.shape
  }

  readSubset(definition: ShapeDefinition, parameters: SubsetParameters, queryable: Column[]): Promise<string> {
    return readSubset(this.#options.database, definition, parameters, queryable)
  }

  close(): void {
    clearInterval(this.#tableCheck)
  }

  #requireStream(): void {
    if (!this.#options.isStreaming()) throw new ReplicationAwayError('the database is not reachable')
  }

  #forget(definition: ShapeDefinition): void {
    for (const [written, { id }] of this.#known) if (id === definition.id) this.#known.delete(written)
  }

  async #rotateDroppedTables(): Promise<void> {
    const { database } = this.#options
    const oids = this.registry.tables
    if (oids.length === 0) return
    try {
      const existing = await existingTables(database, oids)
      for (const oid of oids) if (!existing.has(oid)) this.registry.rotateTable(oid, 'dropped')
    } catch {
      // No database: the replication stream will notice, too.
    }
  }
}

const describe = ({ table }: ShapeDefinition) => ({ table: `${table.schema}.${table.table}` })
