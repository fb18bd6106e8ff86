import type pg from 'pg'

/** Leads as a device of a member gets them, a good kilobyte of JSON each as the shape server sends them. */
export const LEADS_TABLE = 'leads'

/** The columns of the shape `leads`, as a table of Postgres: on the server, and in a PGlite that has nothing of ours. */
export const CREATE_LEADS = `
  CREATE TABLE ${LEADS_TABLE} (
    id uuid PRIMARY KEY, form_id text, form_version int, "values" jsonb, attribution jsonb, status text,
    spam_reasons jsonb, consents jsonb, captured_at timestamptz, received_at timestamptz, captured_offline boolean,
    clock_skew_ms int, updated_at timestamptz, version int, write_id uuid)`

/** Empties the table on the server and puts in so many leads, the last one the newest. */
export async function fillLeads(owner: pg.Client, leads: number): Promise<void> {
  await owner.query(`DROP TABLE IF EXISTS ${LEADS_TABLE}; ${CREATE_LEADS}`)
  await owner.query(
    `INSERT INTO ${LEADS_TABLE}
     SELECT uuidv7(), 'f_acmeroof01', 1,
       jsonb_build_object(
         'name', 'Filled in ' || n, 'email', 'somebody.' || n || '@example.com', 'phone', '0114 496 ' || n % 10000,
         'job', 'leak', 'message', repeat('Brown patch on the ceiling since Sunday, slate roof. ', 1 + n % 8),
         'privacy', true),
       jsonb_build_object(
         'utm_source', 'newsletter', 'utm_medium', 'email', 'utm_campaign', 'autumn-storms-' || n % 50,
         'page_url', 'https://acme.example.com/?utm_source=newsletter&n=' || n, 'referrer', 'https://mail.example.com/'),
       'new', '[]',
       jsonb_build_array(jsonb_build_object('field', 'privacy', 'text', 'You may call me about this.', 'given', true)),
       at, at, n % 3 = 0, n % 500, at, 1, uuidv7()
     FROM generate_series(1, $1::int) AS n,
       LATERAL (SELECT timestamptz '2026-01-01 00:00Z' + n * interval '1 minute' AS at)`,
    [leads],
  )
  await owner.query(`VACUUM ANALYZE ${LEADS_TABLE}`)
}
