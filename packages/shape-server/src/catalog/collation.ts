/** How text compares and which letters are the capitals of which, as `pg_collation` or `pg_database` has it. */
export interface Collation {
  provider: 'libc' | 'icu' | 'builtin'
  locale: string
  /** Whether equal means equal in every byte. */
  isDeterministic: boolean
}

/**
 * SQL for the JSON of a Collation, from an expression with its oid; NULL for 0. Columns are read through `to_jsonb`
 * because their names differ between versions of Postgres.
 */
export function collationOf(oid: string): string {
  return `(
    SELECT json_build_object(
      'provider', CASE own.provider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
      'locale', coalesce(own.locale, ''),
      'isDeterministic', own.is_deterministic
    )
    FROM pg_collation co
    CROSS JOIN LATERAL (SELECT to_jsonb(co) AS c, to_jsonb(d) AS d FROM pg_database d WHERE d.datname = current_database()) j
    CROSS JOIN LATERAL (
      SELECT
        CASE WHEN co.collprovider = 'd' THEN coalesce(j.d ->> 'datlocprovider', 'c') ELSE co.collprovider::text END AS provider,
        CASE WHEN co.collprovider = 'd'
          THEN coalesce(
            CASE WHEN j.d ->> 'datlocprovider' <> 'c' THEN coalesce(j.d ->> 'datlocale', j.d ->> 'daticulocale') END,
            j.d ->> 'datcollate')
          ELSE coalesce(j.c ->> 'colllocale', j.c ->> 'colliculocale', j.c ->> 'collcollate') END AS locale,
        co.collisdeterministic AS is_deterministic
    ) own
    WHERE co.oid = ${oid}
  )`
}
