import type pg from 'pg'

/** Leads of many tenants as they are synced, about 250 bytes of JSON each; `sent` is the mark of a measured write. */
export const SYNCED_TABLE = 'synced_leads'

/** Where the floors write: nobody follows it. */
export const UNSYNCED_TABLE = 'unsynced_leads'

export const CREATE_SYNCED = [SYNCED_TABLE, UNSYNCED_TABLE]
  .map(
    (table) => `
      CREATE TABLE ${table} (
        tenant_id int NOT NULL,
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        status text NOT NULL,
        "values" jsonb NOT NULL,
        captured_at timestamptz NOT NULL,
        sent text NOT NULL
      );
      CREATE INDEX ON ${table} (tenant_id);`,
  )
  .join('\n')

/** Empties the table and puts in so many rows, spread evenly over the tenants. */
export async function fillSynced(owner: pg.Client, rows: number, tenants: number): Promise<void> {
  await owner.query(`TRUNCATE ${SYNCED_TABLE}`)
  await owner.query(
    `INSERT INTO ${SYNCED_TABLE} (tenant_id, status, "values", captured_at, sent)
     SELECT 1 + n % $2::int, 'new',
       jsonb_build_object('name', 'Filled in ' || n, 'email', 'somebody.' || n || '@example.com', 'message', 'slate roof'),
       timestamptz '2026-01-01 00:00Z' + n * interval '1 second', '0'
     FROM generate_series(1, $1::int) AS n`,
    [rows, tenants],
  )
  await owner.query(`VACUUM ANALYZE ${SYNCED_TABLE}`)
}

/** Nanoseconds of a clock that all processes of the machine share. */
export const markNow = (): string => String(process.hrtime.bigint())

/** Writes one row of the tenant, which is committed when the promise resolves. */
export async function insertMarked(owner: pg.Client, tenant: number): Promise<string> {
  const mark = markNow()
  await owner.query({ name: 'insert-marked', text: insertInto(SYNCED_TABLE), values: [tenant, mark] })
  return mark
}

/** The same with a notification of the mark on commit. */
export async function insertNotified(owner: pg.Client, channel: string): Promise<string> {
  const mark = markNow()
  await owner.query({
    name: 'insert-notified',
    text: `WITH written AS (${insertInto(UNSYNCED_TABLE)} RETURNING sent)
      SELECT pg_notify('${channel}', sent) FROM written`,
    values: [1, mark],
  })
  return mark
}

const insertInto = (table: string) =>
  `INSERT INTO ${table} (tenant_id, status, "values", captured_at, sent)
   VALUES ($1, 'new', '{"name": "Margaret Ollerenshaw", "email": "margaret@example.com", "message": "slate roof"}', now(), $2)`
