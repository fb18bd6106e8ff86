import type { Reconciler } from '../reconcile/reconciler.ts'
import { watchWritten } from '../reconcile/watch-written.ts'
import type { TabConnections } from './tab-connections.ts'

/**
 * Runs the reconciler for as long as the database is open here, also for what other tabs wrote: one of them may have died
 * before it handed its writes over.
 *
 * @returns ends it
 */
export function keepReconciled(connections: TabConnections, reconciler: Reconciler): () => void {
  let isStopped = false
  const watch = async () => {
    const pg = await connections.pg()
    await watchWritten(pg, () => reconciler.notice())
  }
  const begin = () => {
    // On a connection that ends meanwhile it fails, and the next one is watched anew.
    watch().catch(() => {})
    if (!isStopped) reconciler.notice()
  }
  const stopListening = connections.onReconnect(() => queueMicrotask(begin))
  reconciler.start()
  begin()
  return () => {
    isStopped = true
    stopListening()
    reconciler.stop()
  }
}
