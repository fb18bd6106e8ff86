import type { QueueEntryView } from '@landfall/contract'
import type { QueueSnapshot } from './operation-queue.ts'
import type { ReconcileTarget } from './written-operation.ts'

/**
 * One statement, so that it is atomic without a transaction of the tab's: a tab that dies halfway holds no lock. Rows
 * that are already right are left alone; those that the outbox never had too.
 */
const RECONCILE_SQL = `
WITH given AS (
  SELECT * FROM ROWS FROM (
    jsonb_to_recordset($1::jsonb) AS (
      "opId" uuid, "groupId" uuid, entity text, "entityId" uuid, action text, state text, label text, changes jsonb,
      "baseVersion" integer, "capturedAt" timestamptz, attempts integer, "nextAttemptAt" timestamptz, "deliveredAt" timestamptz, txid bigint,
      version integer, conflict jsonb, reason text
    )
  ) WITH ORDINALITY AS entry(
    "opId", "groupId", entity, "entityId", action, state, label, changes, "baseVersion", "capturedAt", attempts,
    "nextAttemptAt", "deliveredAt", txid, version, conflict, reason, place
  )
), accepted AS (
  INSERT INTO reconciled_revision AS held (revision) VALUES (coalesce($2::bigint, 0))
  ON CONFLICT (only_row) DO UPDATE SET revision = coalesce($2::bigint, held.revision)
    WHERE $2::bigint IS NULL OR $2::bigint >= held.revision
  RETURNING true
), gone AS (
  DELETE FROM sync_operations
  WHERE EXISTS (SELECT FROM accepted)
    AND op_id NOT IN (SELECT "opId" FROM given)
    AND (state <> 'written' OR op_id = ANY ($3::uuid[]))
)
INSERT INTO sync_operations AS held (
  op_id, place, group_id, entity, entity_id, action, state, label, changes, base_version, captured_at, attempts,
  next_attempt_at, delivered_at, txid, version, conflict, reason
)
SELECT
  "opId", place, "groupId", entity, "entityId", action, state, label, nullif(changes, 'null'), "baseVersion",
  "capturedAt", attempts, "nextAttemptAt", "deliveredAt", txid, version, nullif(conflict, 'null'), reason
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
  base_version = excluded.base_version,
  captured_at = excluded.captured_at,
  attempts = excluded.attempts,
  next_attempt_at = excluded.next_attempt_at,
  delivered_at = excluded.delivered_at,
  txid = excluded.txid,
  version = excluded.version,
  conflict = excluded.conflict,
  reason = excluded.reason
WHERE (
  held.place, held.group_id, held.entity, held.entity_id, held.action, held.state, held.label, held.changes,
  held.base_version, held.captured_at, held.attempts, held.next_attempt_at, held.delivered_at, held.txid, held.version,
  held.conflict, held.reason
) IS DISTINCT FROM (
  excluded.place, excluded.group_id, excluded.entity, excluded.entity_id, excluded.action, excluded.state,
  excluded.label, excluded.changes, excluded.base_version, excluded.captured_at, excluded.attempts,
  excluded.next_attempt_at, excluded.delivered_at, excluded.txid, excluded.version, excluded.conflict, excluded.reason
)`

/**
 * Makes `sync_operations` equal to the outbox as of one revision. A snapshot that is older than the last one is ignored.
 * What the outbox never had stays `written`; what it let go of, whatever `sync_operations` says, goes.
 */
export async function applySnapshot(
  target: ReconcileTarget,
  { entries, revision, superseded }: Omit<QueueSnapshot, 'revision'> & { revision: number | null },
): Promise<void> {
  await target.query(RECONCILE_SQL, [JSON.stringify(entries), revision, superseded.map(({ opId }) => opId)])
}

/**
 * The same for entries already read. May be repeated at will. `entries` stand in the order of writing, which the ids do
 * not tell when a clock was put back.
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
  await applySnapshot(target, { entries: [...entries], revision, superseded: [] })
}
