import type { Collation } from '../catalog/collation.ts'
import { collationOf } from '../catalog/collation.ts'
import type { Database } from '../database.ts'

/** An operator or function of `pg_catalog`; types by their names. */
export interface Routine {
  args: string[]
  result: string
  /** The function of Postgres that computes it. */
  source: string
  isStrict: boolean
}

export interface Cast {
  source: string
  target: string
  /** When it happens: by itself, in assignments, or only when asked for. */
  context: 'i' | 'a' | 'e'
  /** What computes it; null when the bytes stay as they are. */
  function: string | null
  /** Through the text of the value. */
  isThroughText: boolean
}

/** What the catalog of this Postgres says about the types, operators, functions and casts that come with it. */
export interface SqlCatalog {
  types: Record<string, { category: string; isPreferred: boolean }>
  operators: Record<string, Routine[]>
  functions: Record<string, Routine[]>
  casts: Cast[]
  /** By name; `default` is the database's own. */
  collations: Record<string, Collation>
}

const ROUTINE = `
  'source', CASE WHEN l.lanname = 'internal' THEN p.prosrc ELSE p.proname::text END,
  'isStrict', p.proisstrict`

const QUERY = `
  SELECT json_build_object(
    'types', (
      SELECT json_object_agg(typname, json_build_object('category', typcategory, 'isPreferred', typispreferred))
      FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'p', 'r', 'm')
    ),
    'operators', (
      SELECT json_object_agg(name, items) FROM (
        SELECT o.oprname AS name, json_agg(json_build_object(
          'args', CASE WHEN a.typname IS NULL THEN json_build_array(b.typname) ELSE json_build_array(a.typname, b.typname) END,
          'result', r.typname,${ROUTINE})) AS items
        FROM pg_operator o
        LEFT JOIN pg_type a ON a.oid = o.oprleft
        JOIN pg_type b ON b.oid = o.oprright
        JOIN pg_type r ON r.oid = o.oprresult
        JOIN pg_proc p ON p.oid = o.oprcode
        JOIN pg_language l ON l.oid = p.prolang
        WHERE o.oprnamespace = 'pg_catalog'::regnamespace
        GROUP BY o.oprname
      ) o
    ),
    'functions', (
      SELECT json_object_agg(name, items) FROM (
        SELECT p.proname AS name, json_agg(json_build_object(
          'args', (SELECT coalesce(json_agg(t.typname ORDER BY a.n), '[]')
            FROM unnest(p.proargtypes) WITH ORDINALITY a(oid, n) JOIN pg_type t ON t.oid = a.oid),
          'result', r.typname,${ROUTINE})) AS items
        FROM pg_proc p
        JOIN pg_type r ON r.oid = p.prorettype
        JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'pg_catalog'::regnamespace
          AND p.proname IN (SELECT proname FROM pg_proc WHERE prosrc = ANY ($1) OR proname = ANY ($1))
          AND p.prokind = 'f' AND NOT p.proretset AND p.provariadic = 0
        GROUP BY p.proname
      ) p
    ),
    'casts', (
      SELECT json_agg(json_build_object(
        'source', s.typname, 'target', t.typname, 'context', c.castcontext,
        'function', p.prosrc, 'isThroughText', c.castmethod = 'i'))
      FROM pg_cast c
      JOIN pg_type s ON s.oid = c.castsource AND s.typnamespace = 'pg_catalog'::regnamespace
      JOIN pg_type t ON t.oid = c.casttarget AND t.typnamespace = 'pg_catalog'::regnamespace
      LEFT JOIN pg_proc p ON p.oid = c.castfunc
    ),
    'collations', (
      SELECT json_object_agg(c.collname, ${collationOf('c.oid')})
      FROM pg_collation c
      WHERE c.collnamespace = 'pg_catalog'::regnamespace
        AND c.collname IN ('default', 'C', 'POSIX', 'ucs_basic', 'pg_c_utf8', 'pg_unicode_fast')
    )
  ) AS catalog`

const loaded = new WeakMap<Database, Promise<SqlCatalog>>()

/** Read once for each database; what comes with Postgres does not change while it runs. */
export function loadSqlCatalog(database: Database, sources: readonly string[]): Promise<SqlCatalog> {
  const known = loaded.get(database)
  if (known) return known
  const loading = database
    .query<{ catalog: string }>(QUERY, [sources])
    .then(({ rows }) => JSON.parse(rows[0]?.catalog ?? '{}') as SqlCatalog)
  loaded.set(database, loading)
  loading.catch(() => loaded.delete(database))
  return loading
}
