/** How values of a type compare. Types of one family compare with each other without further thought. */
export type ScalarFamily =
  | 'bool'
  | 'int'
  | 'numeric'
  | 'float'
  | 'text'
  | 'uuid'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'enum'

export type SqlType =
  | { family: ScalarFamily /** As it may stand in a cast. */; name: string }
  | { family: 'array'; name: string; element: SqlType & { family: ScalarFamily } }
  /** Values that can be NULL or not, and nothing else. */
  | { family: 'opaque'; name: string }

const FAMILIES: Record<string, ScalarFamily> = {
  bool: 'bool',
  int2: 'int',
  int4: 'int',
  int8: 'int',
  numeric: 'numeric',
  float4: 'float',
  float8: 'float',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  name: 'text',
  uuid: 'uuid',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  interval: 'interval',
}

export const BOOL = builtinType('bool')
export const TEXT = builtinType('text')

export function builtinType(name: string): SqlType & { family: ScalarFamily } {
  const family = FAMILIES[name]
  if (!family) throw new TypeError(`not a built-in type: ${name}`)
  return { family, name }
}

export const isBuiltinType = (name: string) => name in FAMILIES

/** The type of a column: domains count as the type they are made from. */
export function columnType(column: {
  baseTypeName: string
  /** As it may stand in a cast, schema and quotes included. */
  baseTypeSql: string
  isEnum: boolean
  isArray: boolean
}): SqlType {
  const { baseTypeName, baseTypeSql, isEnum, isArray } = column
  const element = isEnum
    ? { family: 'enum' as const, name: baseTypeSql }
    : isBuiltinType(baseTypeName)
      ? builtinType(baseTypeName)
      : undefined
  if (!element) return { family: 'opaque', name: baseTypeSql }
  return isArray ? { family: 'array', name: `${element.name}[]`, element } : element
}
