import type { ReconcileTarget } from './written-operation.ts'

/** Forgets which transactions committed, a day after: whoever waits to hear of theirs does so within seconds. */
export async function forgetTransactions(target: ReconcileTarget): Promise<void> {
  await target.query(`DELETE FROM local_transactions WHERE committed_at < now() - interval '1 day'`, [])
}
