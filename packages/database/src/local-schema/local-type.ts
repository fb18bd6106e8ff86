/** Types that columns have on a device. */
export type LocalType =
  | 'uuid'
  | 'text'
  | 'integer'
  | 'bigint'
  | 'double precision'
  | 'boolean'
  | 'jsonb'
  | 'timestamp with time zone'
  | 'date'

/** Type on a device of a type of the model; undefined where nobody has thought about it yet. */
export function localType(sqlType: string, columnType: string): LocalType | undefined {
  // Without its list of words: a status of a newer server would cost the whole batch of the shape it came with.
  if (columnType === 'PgEnumColumn') return 'text'
  switch (sqlType) {
    case 'uuid':
    case 'text':
    case 'integer':
    case 'bigint':
    case 'boolean':
    case 'jsonb':
    case 'timestamp with time zone':
    case 'double precision':
    case 'date':
      return sqlType
    case 'smallint':
      return 'integer'
    default:
      return sqlType.startsWith('varchar') ? 'text' : undefined
  }
}
