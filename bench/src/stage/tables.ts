import type pg from 'pg'
import { TENANT_SLUG } from '../sample/lead.ts'

/** Forgets every lead and everything that was written with it. */
export async function emptyTables(owner: pg.Client): Promise<void> {
  await owner.query('TRUNCATE leads, lead_receipts, lead_events, sync_operations, devices, rate_limits')
}

/** Empties the tables and puts in so many leads of as many devices, with receipts, history and ledger rows. */
export async function fillTables(owner: pg.Client, leads: number): Promise<void> {
  await emptyTables(owner)
  await owner.query(FILL, [TENANT_SLUG, leads])
  await owner.query('VACUUM ANALYZE leads, lead_receipts, lead_events, sync_operations')
}

const FILL = `
  WITH form AS (
    SELECT f.tenant_id, f.id, f.title FROM forms f JOIN tenants t ON t.id = f.tenant_id WHERE t.slug = $1 LIMIT 1
  ),
  incoming AS MATERIALIZED (
    SELECT form.*, uuidv7() AS lead_id, uuidv7() AS op_id, uuidv7() AS client_id, now() - n * interval '1 second' AS at
    FROM form, generate_series(1, $2::integer) AS n
  ),
  lead AS (
    INSERT INTO leads (tenant_id, id, form_id, form_version, client_id, "values", captured_at, received_at, write_id)
    SELECT tenant_id, lead_id, id, 1, client_id,
      jsonb_build_object('name', 'Filled in ' || lead_id, 'email', 'somebody@example.com', 'message', repeat('filler ', 30)),
      at, at, op_id
    FROM incoming
  ),
  receipt AS (
    INSERT INTO lead_receipts (tenant_id, lead_id, client_id, form_title, captured_at, received_at, status_changed_at)
    SELECT tenant_id, lead_id, client_id, title, at, at, at FROM incoming
  ),
  event AS (
    INSERT INTO lead_events (tenant_id, lead_id, kind, actor_kind, actor_id, op_id, captured_at)
    SELECT tenant_id, lead_id, 'created', 'visitor', client_id::text, op_id, at FROM incoming
  )
  INSERT INTO sync_operations (tenant_id, op_id, actor_kind, actor_id, entity, action, entity_id, request_hash, result,
    request_id)
  SELECT tenant_id, op_id, 'visitor', client_id::text, 'lead', 'insert', lead_id, sha256(op_id::text::bytea),
    jsonb_build_object('opId', op_id, 'outcome', 'applied', 'txid', 1, 'version', 1), 'bench'
  FROM incoming`
