import { figure, milliseconds } from '../../report/number.ts'
import type { Table } from '../../report/section.ts'
import { fillSynced, markNow, SYNCED_TABLE } from '../../sample/synced-row.ts'
import type { ShapeStage } from '../../stage/shape-stage.ts'
import type { Effort } from '../effort.ts'
import { spreadOf } from '../spread.ts'

/** One statement that changes thousands of rows: how long until all clients have it, and what stands still meanwhile. */
export async function measureLargeTransaction(
  stage: ShapeStage,
  { liveClients, largeTransactionRows, largeTransactions }: Effort,
): Promise<Table> {
  await fillSynced(stage.owner, largeTransactionRows, 1)
  const server = await stage.startServer()
  const rows: string[][] = []
  try {
    for (const clients of liveClients.slice(0, 2)) {
      const urls = Array.from({ length: clients }, () => server.shapeUrl())
      await stage.clients.ask('follow', { urls, transport: 'long-poll' })
      const [written, firsts, lasts, pauses]: [number[], number[], number[], number[]] = [[], [], [], []]
      for (let run = 0; run < largeTransactions; run += 1) {
        await server.child.ask('longestPauseMs', null)
        const mark = markNow()
        const startMs = performance.now()
        await stage.owner.query(`UPDATE ${SYNCED_TABLE} SET sent = $1`, [mark])
        written.push(performance.now() - startMs)
        const arrivals = await stage.clients.ask('arrivals', { mark, clients })
        firsts.push(Math.min(...arrivals))
        lasts.push(Math.max(...arrivals))
        pauses.push(await server.child.ask('longestPauseMs', null))
      }
      rows.push([
        clients === 1 ? '1 client' : `${clients} clients`,
        ...[written, firsts, lasts].map((samples) => milliseconds(spreadOf(samples).p50)),
        milliseconds(Math.max(...pauses)),
      ])
    }
  } finally {
    await server.stop()
  }
  return {
    title: `One UPDATE of ${figure(largeTransactionRows)} rows, median of ${largeTransactions}; the pause is the longest of all`,
    columns: ['', 'committed', 'with the first client', 'with all', 'longest pause of the server'],
    rows,
  }
}
