import type { PGlite } from '@electric-sql/pglite'
import type { AccessReconciler } from '../access/access-host.ts'
import type { OperationWrite } from '../reconcile/operation-queue.ts'
import type { FakeQueue } from './fake-queue.ts'

/** The least that brings a queue and a database together: no folding, no lock, no other tab. */
export function simpleReconciler(pg: Pick<PGlite, 'query'>, queue: FakeQueue): AccessReconciler {
  return {
    async reconcileNow() {
      const { rows } = await pg.query<OperationWrite>(`
        SELECT op_id AS "opId", group_id AS "groupId", entity, entity_id AS "entityId", action, label, changes,
          coalesce(changes, '{}') AS payload, to_json(captured_at) #>> '{}' AS "capturedAt"
        FROM sync_operations WHERE state = 'written' ORDER BY place`)
      const refused: { opId: string; error: Error }[] = []
      await queue.put(rows).catch((error: Error) => {
        for (const { opId } of rows) refused.push({ opId, error })
      })
      await pg.query(
        `WITH given AS (SELECT * FROM jsonb_to_recordset($1) AS entry (
           "opId" uuid, state text, txid bigint, version integer, conflict jsonb, reason text))
         , gone AS (
           DELETE FROM sync_operations WHERE state <> 'written' AND op_id NOT IN (SELECT "opId" FROM given))
         UPDATE sync_operations AS held
         SET state = given.state, txid = given.txid, version = given.version, conflict = nullif(given.conflict, 'null'),
           reason = given.reason
         FROM given WHERE given."opId" = held.op_id`,
        [JSON.stringify(queue.entries)],
      )
      return { refused }
    },
    async giveUp(opIds) {
      if (queue.entries.some(({ opId }) => opIds.includes(opId))) return false
      await pg.query(`DELETE FROM sync_operations WHERE state = 'written' AND op_id = ANY ($1)`, [opIds])
      return true
    },
  }
}
