import { readdir, readFile } from 'node:fs/promises'
import { LIMITS, SHAPE_COLUMNS } from '@landfall/contract'
import { BASE_TABLES } from './base-tables.ts'
import { localTable, syncedTable } from './entity-tables.ts'
import { LocalSchemaError } from './errors.ts'
import { resolveEntity } from './resolve-entity.ts'
import type { SyncedEntity } from './synced-entity.ts'
import { drizzleTables } from './write/drizzle-tables.ts'
import { entityMetadata } from './write/entity-metadata.ts'
import { projectionSql, projectRowSql } from './write/projection-sql.ts'
import { structureOf } from './write/structure.ts'
import { tableSql } from './write/table-sql.ts'
import { viewTriggersSql } from './write/trigger-sql.ts'
import { viewSql } from './write/view-sql.ts'

const HEADER = 'Made by `pnpm db:generate` from packages/database/src/local-schema. Do not edit.'
const HANDWRITTEN = new URL('./sql/', import.meta.url)

/**
 * Contents of the files of `packages/local-db/src/schema/generated`, by name. The same metadata gives the same bytes.
 *
 * @throws LocalSchemaError where metadata, model and shapes contradict one another.
 */
export async function generateLocalSchema(
  given: readonly SyncedEntity[],
  shapes: Readonly<Record<string, readonly string[]>> = SHAPE_COLUMNS,
): Promise<Record<string, string>> {
  const entities = resolveEntities(given, shapes)
  const tables = [
    ...BASE_TABLES,
    ...entities.flatMap((entity) => {
      const local = localTable(entity)
      return local ? [syncedTable(entity), local] : [syncedTable(entity)]
    }),
  ]
  const logic = [
    ...(await handwrittenSql()),
    ...entities.flatMap((entity) => {
      const { view, writes } = entity
      const select = viewSql(entity)
      if (view === null || select === undefined) return []
      return [
        [select, writes && projectionSql(entity, writes), viewTriggersSql(entity, view)].filter(Boolean).join('\n\n'),
      ]
    }),
    projectRowSql(entities),
  ].join('\n\n')
  const sqlHeader = `-- ${HEADER}\n`
  return {
    'schema.sql': `${sqlHeader}\n${tables.map(tableSql).join('\n\n')}\n\n${logic}\n`,
    'logic.sql': `${sqlHeader}-- Views, functions and triggers: the part of schema.sql that a migration replaces whole.\n\n${logic}\n`,
    'structure.json': `${JSON.stringify(structureOf(tables, logic), null, 2)}\n`,
    'tables.ts': drizzleTables(entities, `// ${HEADER}`),
    'entities.ts': entityMetadata(entities, `// ${HEADER}`),
  }
}

function resolveEntities(given: readonly SyncedEntity[], shapes: Readonly<Record<string, readonly string[]>>) {
  const forgotten = Object.keys(shapes).filter((shape) => !given.some((entity) => entity.shape === shape))
  if (forgotten.length > 0)
    throw new LocalSchemaError(`SYNCED_ENTITIES says nothing of the shape ${forgotten.join(', ')}.`)
  return given.map((entity) => {
    const columns = shapes[entity.shape]
    if (!columns) throw new LocalSchemaError(`SHAPE_COLUMNS has no shape ${entity.shape}.`)
    return resolveEntity(entity, columns)
  })
}

async function handwrittenSql(): Promise<string[]> {
  const names = (await readdir(HANDWRITTEN)).filter((name) => name.endsWith('.sql')).sort()
  const files = await Promise.all(names.map((name) => readFile(new URL(name, HANDWRITTEN), 'utf8')))
  return files.map((file) => file.trim().replaceAll('{{most_operations}}', String(LIMITS.operationsPerBatch)))
}
