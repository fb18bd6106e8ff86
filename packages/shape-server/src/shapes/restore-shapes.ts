import { loadTable, type Table } from '../catalog/table.ts'
import type { Database } from '../database.ts'
import { publishedTables } from '../replication/publication.ts'
import { inParallel } from '../storage/in-parallel.ts'
import type { ShapeFolder } from '../storage/shape-folder.ts'
import type { ShapeStorage } from '../storage/shape-storage.ts'
import { defineWhere } from '../where/define-where.ts'
import { WhereError } from '../where/where-error.ts'
import { assembleShape } from './define-shape.ts'
import type { ShapeDefinition } from './definition.ts'
import type { ShapeRegistry } from './shape-registry.ts'
import { differenceFrom, joinOf, type StoredShape } from './stored-shape.ts'

export interface RestoreOptions {
  database: Database
  storage: ShapeStorage
  registry: ShapeRegistry
  publicationName: string
  onDropped(folder: ShapeFolder, reason: string): void
}

const PARALLEL = 4

/** Words that Postgres reads anew each time: such a clause would not mean what it meant. */
const MOMENT = /\b(now|today|tomorrow|yesterday)\b/i

/** Takes up the shapes that an earlier server left, as far as the catalog bears them out. Returns how many. */
export async function restoreShapes({ database, storage, registry, publicationName, onDropped }: RestoreOptions) {
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
    const stored = description as StoredShape
    const table = await tableOf(stored)
    const found = await revive(database, stored, published.has(stored.table.oid) ? table : undefined)
    if (typeof found === 'string' || registry.find(found.id)) {
      onDropped(folder, typeof found === 'string' ? found : 'there is another of the same definition')
      await folder.discard()
    } else {
      registry.restore(found, folder, joinOf(stored))
      count += 1
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
