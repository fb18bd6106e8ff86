import type { Database } from '../database.ts'
import { type Collation, collationOf } from './collation.ts'
import type { TableName } from './identifier.ts'

export interface Column {
  name: string
  typeOid: number
  typeModifier: number
  /** Name of the type, enum or domain; of the items for an array. */
  typeName: string
  /** Like `typeName`, with domains followed to what they are made from. */
  baseTypeName: string
  /** `baseTypeName` as it may stand in a cast. */
  baseTypeSql: string
  isEnum: boolean
  /** Of an enum, or of the enum that an array or a domain is made from; in their order. */
  enumLabels: string[] | null
  /** Whether the base type comes with Postgres. */
  isBuiltinType: boolean
  isArray: boolean
  dimensions: number
  isNotNull: boolean
  isGenerated: boolean
  /** Null for a type without one. */
  collation: Collation | null
  /** Place in the primary key, from 0. */
  keyIndex: number | null
}

/** One that comes or goes takes its rows along unsaid. */
export interface Partition {
  oid: number
  /** Another one after a TRUNCATE, which is not streamed for a single partition. */
  file: number
}

/** A table as the catalog describes it now. */
export interface Table extends TableName {
  oid: number
  isPartitioned: boolean
  /** Its changes are streamed as those of the table that it is part of, if that is published. */
  isPartition: boolean
  hasFullIdentity: boolean
  /** All partitions, those of partitions too, in order. */
  partitions: Partition[]
  columns: Column[]
  /** Names in the order of the key's definition; empty without a key. */
  primaryKey: string[]
}

/** SQL for the JSON of all partitions of a table, from an expression with its oid. */
export function partitionsOf(oid: string): string {
  return `(
    SELECT coalesce(json_agg(json_build_object('oid', part.oid::int8, 'file', part.relfilenode::int8) ORDER BY part.oid), '[]')
    FROM pg_partition_tree(${oid}) AS tree JOIN pg_class part ON part.oid = tree.relid
    WHERE part.oid <> ${oid}
  )`
}

/** Below are the catalog and the information schema, whose changes Postgres does not decode. */
const FIRST_ORDINARY_OID = 16_384

const QUERY = `
  SELECT json_build_object(
    'oid', c.oid::int8,
    'isPartitioned', c.relkind = 'p',
    'hasFullIdentity', c.relreplident = 'f',
    'isPartition', c.relispartition,
    'partitions', ${partitionsOf('c.oid')},
    'columns', (
      SELECT coalesce(json_agg(json_build_object(
        'name', a.attname,
        'typeOid', a.atttypid::int8,
        'typeModifier', a.atttypmod,
        'typeName', coalesce(item.typname, t.typname),
        'baseTypeName', coalesce(base.typname, item.typname, t.typname),
        'baseTypeSql', format_type(coalesce(base.oid, item.oid, t.oid), NULL),
        'isEnum', coalesce(base.typtype, item.typtype, t.typtype) = 'e',
        'enumLabels', (
          SELECT json_agg(enumlabel ORDER BY enumsortorder)
          FROM pg_enum WHERE enumtypid = coalesce(base.oid, item.oid, t.oid)
        ),
        'isBuiltinType', (
          SELECT b.typnamespace = 'pg_catalog'::regnamespace
          FROM pg_type b WHERE b.oid = coalesce(base.oid, item.oid, t.oid)
        ),
        'isArray', item.oid IS NOT NULL,
        'dimensions', greatest(a.attndims, 1),
        'isNotNull', a.attnotnull,
        'isGenerated', a.attgenerated <> '',
        'collation', ${collationOf('a.attcollation')},
        'keyIndex', array_position(key.names, a.attname) - 1
      ) ORDER BY a.attnum), '[]')
      FROM pg_attribute a
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_type item ON item.oid = t.typelem AND t.typcategory = 'A' AND t.typtype = 'b'
      LEFT JOIN LATERAL (
        WITH RECURSIVE domain AS (
          SELECT d.oid, d.typname, d.typtype, d.typbasetype FROM pg_type d WHERE d.oid = coalesce(item.oid, t.oid)
          UNION ALL
          SELECT d.oid, d.typname, d.typtype, d.typbasetype FROM pg_type d JOIN domain ON d.oid = domain.typbasetype
        )
        SELECT oid, typname, typtype FROM domain WHERE typbasetype = 0
      ) base ON true
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ),
    'primaryKey', coalesce(to_json(key.names), '[]')
  ) AS description
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL (
    SELECT array_agg(a.attname ORDER BY position) AS names
    FROM pg_index i
    CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS part (number, position)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.number
    WHERE i.indrelid = c.oid AND i.indisprimary AND position <= i.indnkeyatts
  ) key ON true
  WHERE n.nspname = $1 AND c.relname = $2
    AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND c.oid >= ${FIRST_ORDINARY_OID}`

/** Only what is replicated counts: no views, foreign, unlogged or temporary tables, nor those that Postgres is made of. */
export async function loadTable(database: Pick<Database, 'query'>, name: TableName): Promise<Table | undefined> {
  const { rows } = await database.query<{ description: string }>(QUERY, [name.schema, name.table])
  const [row] = rows
  return row && { ...name, ...(JSON.parse(row.description) as Omit<Table, keyof TableName>) }
}
