import type { QueryOptions } from '@electric-sql/pglite'

const asIs = (value: string) => value

/** Object ids of date, timestamp, timestamptz, interval and their arrays, as in `pg_type`. */
const TIME_TYPES = [1082, 1114, 1184, 1186, 1182, 1115, 1185, 1187]

/** Times as Postgres writes them: Drizzle's columns make of them what the model says, a `Date` or text. */
export const RAW_VALUES: QueryOptions = {
  rowMode: 'array',
  parsers: Object.fromEntries(TIME_TYPES.map((oid) => [oid, asIs])),
}
