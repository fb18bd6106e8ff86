import type { QueueEntryView } from '@landfall/contract'

/** The part of PGlite that reconciling needs; a tab's and the worker's both have it. */
export interface ReconcileTarget {
  query(sql: string, params: unknown[]): Promise<unknown>
}

/**
 * One statement, so that it is atomic without a transaction of the tab's: a tab that dies halfway holds no lock. Rows
 * that are already right are left alone.
 */
const RECONCILE_SQL = `
WITH given AS (
  SELECT * FROM ROWS FROM (
    jsonb_to_recordset($1::jsonb) AS (
      "opId" uuid, "groupId" uuid, entity text, "entityId" uuid, action text, state text, label text, changes jsonb,
      "capturedAt" timestamptz, attempts integer, "nextAttemptAt" timestamptz, "deliveredAt" timestamptz, txid bigint,
      version integer, conflict jsonb, reason text
    )
  ) WITH ORDINALITY AS entry(
    "opId", "groupId", entity, "entityId", action, state, label, changes, "capturedAt", attempts, "nextAttemptAt",
    "deliveredAt", txid, version, conflict, reason, place
  )
), accepted AS (
  INSERT INTO reconciled_revision AS held (revision) VALUES (coalesce($2::bigint, 0))
  ON CONFLICT (only_row) DO UPDATE SET revision = coalesce($2::bigint, held.revision)
    WHERE $2::bigint IS NULL OR $2::bigint >= held.revision
  RETURNING true
), gone AS (
  DELETE FROM sync_operations
  WHERE EXISTS (SELECT FROM accepted) AND op_id NOT IN (SELECT "opId" FROM given)
)
INSERT INTO sync_operations AS held (
  op_id, place, group_id, entity, entity_id, action, state, label, changes, captured_at, attempts, next_attempt_at,
  delivered_at, txid, version, conflict, reason
)
SELECT
  "opId", place, "groupId", entity, "entityId", action, state, label, nullif(changes, 'null'), "capturedAt", attempts,
  "nextAttemptAt", "deliveredAt", txid, version, nullif(conflict, 'null'), reason
FROM given
WHERE EXISTS (SELECT FROM accepted)
ON CONFLICT (op_id) DO UPDATE SET
  place = excluded.place,
  group_id = excluded.group_id,
  entity = excluded.entity,
  entity_id = excluded.entity_id,
  action = excluded.action,
  state = excluded.state,
  label = excluded.label,
  changes = excluded.changes,
  captured_at = excluded.captured_at,
  attempts = excluded.attempts,
  next_attempt_at = excluded.next_attempt_at,
  delivered_at = excluded.delivered_at,
  txid = excluded.txid,
  version = excluded.version,
  conflict = excluded.conflict,
  reason = excluded.reason
WHERE (held.*) IS DISTINCT FROM (excluded.*)`

/**
 * Makes `sync_operations` equal to the outbox: upserts what is given, deletes what is not. May be repeated at will.
 * `entries` stand in the order of writing, which the ids do not tell when a clock was put back.
 *
 * `revision` orders snapshots of the outbox: one that is lower than the last applied is ignored, an equal one applied
 * again. Take it from a counter that grows with every change of the outbox, in the same IndexedDB transaction; never from
 * a clock, which can be set back. Without it the last caller wins.
 */
export async function reconcile(
  target: ReconcileTarget,
  entries: readonly QueueEntryView[],
  revision: number | null,
): Promise<void> {
  await target.query(RECONCILE_SQL, [JSON.stringify(entries), revision])
}
