/** A type as the evaluator knows it. */
export type SqlType = ScalarType | EnumType | ArrayType | OpaqueType

export interface ScalarType {
  kind: 'scalar'
  /** Its name in `pg_catalog`. */
  id: string
  /** As it may stand in a cast. */
  sql: string
}

export interface EnumType {
  kind: 'enum'
  id: string
  sql: string
  /** In their order, as it was when the clause was compiled. */
  labels: readonly string[]
}

export interface ArrayType {
  kind: 'array'
  id: string
  sql: string
  element: ScalarType | EnumType
}

/** Values that can be NULL or not, and be cast to text by their output; nothing else is known of them. */
export interface OpaqueType {
  kind: 'opaque'
  id: string
  sql: string
}

const SCALARS = [
  ...['bool', 'int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'text', 'varchar', 'bpchar', 'uuid', 'bytea'],
  ...['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval'],
]

const scalars = new Map(
  SCALARS.map((id): [string, ScalarType] => [id, { kind: 'scalar', id, sql: `pg_catalog.${id}` }]),
)

/** A type of `pg_catalog` by its name, arrays as `_int4`. */
export function builtinType(id: string): SqlType {
  const element = id.startsWith('_') ? scalars.get(id.slice(1)) : undefined
  return element ? arrayOf(element) : (scalars.get(id) ?? { kind: 'opaque', id, sql: `pg_catalog.${id}` })
}

export const arrayOf = (element: ScalarType | EnumType): ArrayType => ({
  kind: 'array',
  id: `_${element.id}`,
  sql: `${element.sql}[]`,
  element,
})

export const enumType = (sql: string, labels: readonly string[]): EnumType => ({
  kind: 'enum',
  id: `enum ${sql}`,
  sql,
  labels,
})

export const BOOL = builtinType('bool')
export const TEXT = builtinType('text')
export const INT4 = builtinType('int4')

/** The type of a column: domains count as the type they are made from. */
export function columnType(column: {
  baseTypeName: string
  /** As it may stand in a cast, schema and quotes included. */
  baseTypeSql: string
  isBuiltinType: boolean
  enumLabels: readonly string[] | null
  isArray: boolean
}): SqlType {
  const { baseTypeName, baseTypeSql, isBuiltinType, enumLabels, isArray } = column
  const element = enumLabels
    ? enumType(baseTypeSql, enumLabels)
    : isBuiltinType
      ? builtinType(baseTypeName)
      : ({ kind: 'opaque', id: `other ${baseTypeSql}`, sql: baseTypeSql } as const)
  if (!isArray) return element
  if (element.kind === 'scalar' || element.kind === 'enum') return arrayOf(element)
  return { kind: 'opaque', id: `_${element.id}`, sql: `${element.sql}[]` }
}
