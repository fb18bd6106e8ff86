import { IdentifierError, parseColumnList, parseTableName } from '../catalog/identifier.ts'
import { type Column, loadTable, type Table } from '../catalog/table.ts'
import type { Database } from '../database.ts'
import { defineWhere } from '../where/define-where.ts'
import { WhereError } from '../where/where-error.ts'
import type { LogMode, Replica, ShapeDefinition } from './definition.ts'
import { InvalidRequestError } from './definition-errors.ts'

/** What a client says that makes one shape differ from another. */
export interface DefinitionParameters {
  table: string
  where: string | undefined
  /** Values of `$1`, `$2`, … */
  params: string[]
  columns: string | undefined
  replica: Replica
  log: LogMode
}

/** Checks a definition against the catalog. Throws an InvalidRequestError. */
export async function defineShape(database: Database, parameters: DefinitionParameters): Promise<ShapeDefinition> {
  const table = await resolveTable(database, parameters.table)
  const columns = chooseColumns(table, parameters.columns)
  const where = await resolveWhere(database, table, parameters)
  return assembleShape({ ...parameters, table, where, columns, hasColumnList: Boolean(parameters.columns) })
}

/** A definition from parts that are known to fit. */
export function assembleShape(
  parts: Pick<ShapeDefinition, 'table' | 'where' | 'columns' | 'hasColumnList' | 'replica' | 'log'>,
): ShapeDefinition {
  const { table, where, columns, hasColumnList, replica, log } = parts
  const columnNames = columns.map(({ name }) => name)
  const list = hasColumnList ? columnNames : null
  return {
    id: JSON.stringify([table.oid, table.schema, table.table, where?.canonical ?? null, list, replica, log]),
    table,
    where,
    columns,
    hasColumnList,
    keyColumns: table.primaryKey.length > 0 ? table.primaryKey : columnNames,
    replica,
    log,
  }
}

async function resolveTable(database: Database, text: string): Promise<Table> {
  const name = orInvalid('table', () => parseTableName(text))
  const table = await loadTable(database, name)
  if (table) return table
  throw new InvalidRequestError({
    table: [
      `Table "${name.schema}"."${name.table}" does not exist. ` +
        'If the table name contains capitals or special characters you must quote it.',
    ],
  })
}

function chooseColumns(table: Table, list: string | undefined): Column[] {
  const chosen = list ? namedColumns(table, 'columns', list) : table.columns
  const names = new Set(chosen.map(({ name }) => name))
  const missing = table.primaryKey.filter((name) => !names.has(name))
  if (missing.length > 0) {
    refuse('columns', `The list of columns must include all primary key columns, missing: ${missing.join(', ')}`)
  }
  const generated = chosen.filter(({ isGenerated }) => isGenerated).map(({ name }) => name)
  if (generated.length > 0) {
    refuse('columns', `Generated columns are not replicated and cannot be part of a shape: ${generated.join(', ')}`)
  }
  return table.columns.filter(({ name }) => names.has(name))
}

/** The columns of a comma separated list, each once and known. */
export function namedColumns(table: Table, field: string, list: string): Column[] {
  const names = orInvalid(field, () => parseColumnList(list))
  const byName = new Map(table.columns.map((column) => [column.name, column]))
  const unknown = names.filter((name) => !byName.has(name))
  const label = field.replaceAll('_', ' ')
  if (unknown.length > 0) refuse(field, `The following ${label} are not found on the table: ${unknown.join(', ')}`)
  if (new Set(names).size < names.length) refuse(field, `The list of ${label} must not name a column twice`)
  return names.flatMap((name) => byName.get(name) ?? [])
}

async function resolveWhere(database: Database, table: Table, { where, params }: DefinitionParameters) {
  if (!where?.trim()) return undefined
  try {
    return await defineWhere(database, table, where, params)
  } catch (error) {
    if (error instanceof WhereError) refuse('where', error.message)
    throw error
  }
}

function orInvalid<T>(field: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof IdentifierError) refuse(field, error.message)
    throw error
  }
}

function refuse(field: string, message: string): never {
  throw new InvalidRequestError({ [field]: [message] })
}
