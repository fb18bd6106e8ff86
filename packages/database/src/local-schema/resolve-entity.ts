import { toSnakeCase } from 'drizzle-orm/casing'
import { getTableConfig, type PgColumn } from 'drizzle-orm/pg-core'
import { LocalSchemaError } from './errors.ts'
import { type LocalType, localType } from './local-type.ts'
import type { EntityWrites, SyncedEntity } from './synced-entity.ts'

/** A column as devices keep it. */
export interface ResolvedColumn {
  name: string
  /** Name of the property in the model, and key of payloads. */
  property: string
  type: LocalType
  /** Of the model: the server's row always has a value. Nothing local enforces it. */
  isNotNull: boolean
  /** Words that the column may hold, where the model lists them. A newer server may know more. */
  words: readonly string[]
  jsonType: string | null
  shownWhenAbsent: string | null
  isKey: boolean
}

export interface ResolvedWrites extends Omit<EntityWrites, 'mergedByKey' | 'shownWhenNew' | 'frozenWhen'> {
  mergedByKey: readonly string[]
  shownWhenNew: Readonly<Record<string, string>>
  frozenWhen: string | null
}

/** An entity with what the model knows of its columns, checked. */
export interface ResolvedEntity {
  shape: string
  view: string | null
  rowType: string
  syncedTable: string
  localTable: string
  columns: readonly ResolvedColumn[]
  primaryKey: readonly string[]
  indexes: readonly (readonly string[])[]
  writes: ResolvedWrites | null
}

/**
 * `shapeColumns` are the columns that devices get.
 *
 * @throws LocalSchemaError where metadata, model and shape contradict one another.
 */
export function resolveEntity(entity: SyncedEntity, shapeColumns: readonly string[]): ResolvedEntity {
  const { shape, view, rowType, excluded } = entity
  const config = getTableConfig(entity.model)
  const ofModel = new Map(config.columns.map((column) => [nameOf(column), column]))
  const fail = (problem: string): never => {
    throw new LocalSchemaError(`${shape} (table ${config.name}): ${problem}`)
  }

  for (const name of ofModel.keys()) {
    const isSent = shapeColumns.includes(name)
    if (!isSent && !excluded.includes(name)) {
      fail(`the model has a column "${name}" that is neither in SHAPE_COLUMNS.${shape} nor in \`excluded\`. Decide.`)
    }
    if (isSent && excluded.includes(name)) fail(`column "${name}" is in SHAPE_COLUMNS.${shape} and in \`excluded\`.`)
  }
  for (const name of [...shapeColumns, ...excluded]) {
    if (!ofModel.has(name)) fail(`the model has no column "${name}".`)
  }

  const keyOfModel = [
    ...config.columns.filter((column) => column.primary),
    ...config.primaryKeys.flatMap((key) => key.columns),
  ].map(nameOf)
  // Rows on a device are of one tenant: the part of the key that says so isn't sent.
  const primaryKey = keyOfModel.filter((name) => shapeColumns.includes(name))
  if (primaryKey.length === 0) fail('no column of the primary key is in the shape.')

  const known = (list: readonly string[], what: string) => {
    for (const name of list)
      if (!shapeColumns.includes(name)) fail(`\`${what}\` names "${name}", which no device gets.`)
  }
  known(Object.keys(entity.jsonTypes ?? {}), 'jsonTypes')
  known(Object.keys(entity.shownWhenAbsent ?? {}), 'shownWhenAbsent')
  known(entity.indexes?.flat() ?? [], 'indexes')

  const columns = shapeColumns.map((name): ResolvedColumn => {
    const column = ofModel.get(name) ?? fail(`the model has no column "${name}".`)
    const type = localType(column.getSQLType(), column.columnType)
    if (type === undefined) return fail(`column "${name}" is of type ${column.getSQLType()}, which is not known here.`)
    const jsonType = entity.jsonTypes?.[name] ?? null
    if (type === 'jsonb' && jsonType === null) fail(`column "${name}" is JSON: say its type in \`jsonTypes\`.`)
    return {
      name,
      property: column.keyAsName ? column.name : propertyOf(entity, column),
      type,
      isNotNull: column.notNull,
      words: column.enumValues ?? [],
      jsonType,
      shownWhenAbsent: entity.shownWhenAbsent?.[name] ?? null,
      isKey: primaryKey.includes(name),
    }
  })

  return {
    shape,
    view,
    rowType,
    syncedTable: `${shape}_synced`,
    localTable: `${shape}_local`,
    columns,
    primaryKey,
    indexes: entity.indexes ?? [],
    writes: entity.writes ? resolveWrites(entity.writes) : null,
  }

  function resolveWrites(writes: EntityWrites): ResolvedWrites {
    const { insertable, mutable, mergedByKey = [], shownWhenNew = {}, frozenWhen = null } = writes
    known(insertable, 'insertable')
    known(mutable, 'mutable')
    known(Object.keys(shownWhenNew), 'shownWhenNew')
    if (view === null) fail('it has writes and no view to write.')
    const type = (name: string) => columns.find((column) => column.name === name)?.type
    if (primaryKey.join() !== 'id' || type('id') !== 'uuid') fail('what is written has one key, `id`, a uuid.')
    if (type('version') !== 'integer' || type('write_id') !== 'uuid') {
      fail(
        'what is written has `version` (integer) and `write_id` (uuid) in its shape: they tell when a write arrived.',
      )
    }
    for (const name of [...insertable, ...mutable]) {
      if (['id', 'version', 'write_id'].includes(name)) fail(`"${name}" is not written by components.`)
    }
    for (const name of mergedByKey) {
      if (!mutable.includes(name) || type(name) !== 'jsonb')
        fail(`"${name}" is merged by key and no mutable JSON column.`)
      if (insertable.includes(name)) fail(`"${name}" is merged by key, which needs a row that is there.`)
    }
    return { ...writes, mergedByKey, shownWhenNew, frozenWhen }
  }
}

const nameOf = (column: PgColumn) => (column.keyAsName ? toSnakeCase(column.name) : column.name)

/** A column with a name of its own is found by identity. */
function propertyOf({ model }: SyncedEntity, column: PgColumn): string {
  const found = Object.entries(model).find(([, value]) => value === column)
  if (!found) throw new LocalSchemaError(`column "${column.name}" is no property of its table.`)
  return found[0]
}
