import type { PGliteInterface } from '@electric-sql/pglite'

export interface CatalogColumn {
  name: string
  type: string
  isNotNull: boolean
  /** As SQL. */
  default: string | null
}

export interface CatalogTable {
  kind: 'table'
  name: string
  columns: CatalogColumn[]
  /** By name, as SQL. */
  constraints: Record<string, string>
}
export interface CatalogView {
  kind: 'view'
  name: string
  columns: CatalogColumn[]
  definition: string
}
/** A function, an index or a trigger, as Postgres writes it. */
export interface CatalogStatement {
  kind: 'function' | 'index' | 'trigger'
  /** A function's with its arguments, a trigger's with its table. */
  name: string
  definition: string
}
export type CatalogObject = CatalogTable | CatalogView | CatalogStatement

/** The kinds that the catalog below does not know, and a migration could therefore lose. */
export class UnknownObjectError extends Error {
  override name = 'UnknownObjectError'
  constructor(objects: string[]) {
    super(
      `The local schema has what migrations can't describe: ${objects.join(', ')}. It may have tables, plain columns, indexes, views, functions and triggers.`,
    )
  }
}

interface CatalogRow {
  kind: CatalogObject['kind'] | 'unknown'
  name: string
  columns: CatalogColumn[] | null
  constraints: Record<string, string> | null
  definition: string | null
}

/** Everything in the schema `public`, in the order in which it was made, as Postgres itself would write it. */
export async function readCatalog(pg: PGliteInterface): Promise<CatalogObject[]> {
  const { rows } = await pg.query<CatalogRow>(CATALOG_SQL)
  const unknown = rows.filter(({ kind }) => kind === 'unknown')
  if (unknown.length > 0) throw new UnknownObjectError(unknown.map(({ name }) => name))
  return rows.map(({ kind, name, columns, constraints, definition }): CatalogObject => {
    switch (kind) {
      case 'table':
        return { kind, name, columns: columns ?? [], constraints: constraints ?? {} }
      case 'view':
        return { kind, name, columns: columns ?? [], definition: definition ?? '' }
      case 'function':
      case 'index':
      case 'trigger':
        return { kind, name, definition: definition ?? '' }
      case 'unknown':
        throw new UnknownObjectError([name])
    }
  })
}

/** Ids of objects grow, so their order is one in which each can be made. */
const CATALOG_SQL = `
  WITH relation AS (
    SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('i', 'c', 't')
  ), columns AS (
    SELECT attrelid, json_agg(
      json_build_object(
        'name', attname,
        'type', format_type(atttypid, atttypmod),
        'isNotNull', attnotnull,
        'default', pg_get_expr(adbin, adrelid)
      ) ORDER BY attnum
    ) AS columns
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid IN (SELECT oid FROM relation) AND attnum > 0 AND NOT attisdropped
    GROUP BY attrelid
  ), constraints AS (
    SELECT conrelid, json_object_agg(conname, pg_get_constraintdef(oid) ORDER BY contype DESC, conname) AS constraints
    FROM pg_constraint WHERE conrelid IN (SELECT oid FROM relation) AND contype <> 'n'
    GROUP BY conrelid
  )
  SELECT
    oid,
    CASE relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' ELSE 'unknown' END AS kind,
    oid::regclass::text AS name,
    columns,
    constraints,
    CASE WHEN relkind = 'v' THEN pg_get_viewdef(oid) END AS definition
  FROM relation LEFT JOIN columns ON attrelid = oid LEFT JOIN constraints ON conrelid = oid
  UNION ALL
  SELECT indexrelid, 'index', indexrelid::regclass::text, NULL, NULL, pg_get_indexdef(indexrelid)
  FROM pg_index
  WHERE indrelid IN (SELECT oid FROM relation) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
  UNION ALL
  SELECT oid, CASE WHEN prokind IN ('f', 'p') THEN 'function' ELSE 'unknown' END, oid::regprocedure::text, NULL, NULL,
    CASE WHEN prokind IN ('f', 'p') THEN pg_get_functiondef(oid) END
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL
  SELECT oid, 'trigger', tgrelid::regclass || '.' || tgname, NULL, NULL, pg_get_triggerdef(oid)
  FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM relation) AND NOT tgisinternal
  UNION ALL
  -- Types of tables and their arrays come with the tables.
  SELECT oid, 'unknown', 'the type ' || typname, NULL, NULL, NULL
  FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typrelid = 0 AND typelem = 0
  UNION ALL
  SELECT attrelid, 'unknown', 'the column ' || attrelid::regclass || '.' || attname, NULL, NULL, NULL
  FROM pg_attribute WHERE attrelid IN (SELECT oid FROM relation) AND (attidentity <> '' OR attgenerated <> '')
  ORDER BY 1, 3`
