import { readPublishedRoot } from '../catalog/published-root.ts'
import { loadTable, type Table } from '../catalog/table.ts'
import type { Database } from '../database.ts'
import type { Log, LogLevel } from '../log.ts'
import { publishedTables } from '../replication/publication.ts'
import { inParallel } from '../storage/in-parallel.ts'
import type { ShapeStorage } from '../storage/shape-storage.ts'
import { defineWhere } from '../where/define-where.ts'
import { WhereError } from '../where/where-error.ts'
import { assembleShape } from './define-shape.ts'
import type { ShapeDefinition } from './definition.ts'
import type { ShapeRegistry } from './shape-registry.ts'
import { DamagedShapeError, differenceFrom, joinOf, parseStoredShape, type StoredShape } from './stored-shape.ts'

export interface RestoreOptions {
  database: Database
  storage: ShapeStorage
  registry: ShapeRegistry
  publicationName: string
  log: Log
}

const PARALLEL = 4

/** Words that Postgres reads anew each time: such a clause would not mean what it meant. */
const MOMENT = /\b(now|today|tomorrow|yesterday)\b/i

/** Takes up the shapes that an earlier server left, as far as the catalog bears them out. Returns how many. */
export async function restoreShapes({ database, storage, registry, publicationName, log }: RestoreOptions) {
  const published = await publishedTables(database, publicationName)
  const tables = new Map<string, Promise<Table | undefined>>()
  const tableOf = ({ table: { schema, table } }: StoredShape) => {
    const name = JSON.stringify([schema, table])
    const loaded = tables.get(name) ?? loadTable(database, { schema, table })
    tables.set(name, loaded)
    return loaded
  }
  let count = 0
  await inParallel(await storage.readStored(), PARALLEL, async ({ folder, description }) => {
    const drop = (level: LogLevel, reason: string) => {
      log({ level, message: 'stored shape dropped', handle: folder.handle, reason })
      return folder.discard()
    }
    try {
      const stored = parseStoredShape(description)
      const table = published.has(stored.table.oid) ? await tableOf(stored) : undefined
      const isHidden = table?.isPartition && (await readPublishedRoot(database, publicationName, table.oid))
      if (isHidden) return drop('info', 'its changes are streamed as those of the table that it is part of')
      const found = await revive(database, stored, table)
      if (typeof found === 'string') return drop('info', found)
      if (registry.find(found.id)) return drop('warn', 'there is another one of the same definition')
      registry.restore(found, folder, joinOf(stored))
      count += 1
    } catch (error) {
      if (!(error instanceof DamagedShapeError)) throw error
      await drop('warn', error.message)
    }
  })
  return count
}

/** The definition, or why it does not hold any more. */
async function revive(
  database: Database,
  stored: StoredShape,
  table: Table | undefined,
): Promise<ShapeDefinition | string> {
  if (!table) return 'the table is gone, or no longer published'
  // Nobody knows what was written without its old rows.
  if (!table.hasFullIdentity) return 'the table has lost its replica identity'
  const difference = differenceFrom(stored, table)
  if (difference) return difference
  if (stored.where && MOMENT.test(stored.where.sql)) return 'the clause depends on the moment'
  try {
    const where = stored.where ? await defineWhere(database, table, stored.where.sql, []) : undefined
    const names = stored.columns && new Set(stored.columns)
    const columns = table.columns.filter(({ name }) => !names || names.has(name))
    const { replica, log } = stored
    return assembleShape({ table, where, columns, hasColumnList: names !== null, replica, log })
  } catch (error) {
    if (error instanceof WhereError) return error.message
    throw error
  }
}
