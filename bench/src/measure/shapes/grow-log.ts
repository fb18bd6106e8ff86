import { milliseconds } from '../../report/number.ts'
import { fillSynced, insertMarked, markNow, SYNCED_TABLE } from '../../sample/synced-row.ts'
import type { ShapeStage } from '../../stage/shape-stage.ts'
import type { Effort } from '../effort.ts'
import { latencies } from '../live.ts'
import { type GrowthTable, growthTable, type Sized } from './growth-table.ts'
import { megabytes } from './memory.ts'

const ROWS = 1_000
const COMMITS = 10

/** A shape whose log gets longer and longer: what stays in memory, and what a commit costs behind all of it. */
export async function growLog(stage: ShapeStage, { grownLogs }: Effort): Promise<GrowthTable> {
  await fillSynced(stage.owner, ROWS, 1)
  const server = await stage.startServer()
  const sized: Sized[] = []
  try {
    await stage.clients.ask('follow', { urls: [server.shapeUrl()], transport: 'long-poll' })
    let changes = 0
    for (const size of grownLogs) {
      for (; changes < size; changes += ROWS) {
        const mark = markNow()
        await stage.owner.query(`UPDATE ${SYNCED_TABLE} SET sent = $1`, [mark])
        // Neither the slot nor a queue in memory shall be what is measured.
        await stage.clients.ask('arrivals', { mark, clients: 1 })
      }
      const { residentBytes, heapBytes, externalBytes } = await server.child.ask('memory', null)
      const latency = await latencies(stage, COMMITS, 1, () => insertMarked(stage.owner, 1))
      sized.push({
        size,
        costs: {
          'commit → client, p50': { cost: latency.p50, text: milliseconds(latency.p50) },
          resident: { cost: residentBytes, text: megabytes(residentBytes) },
          'heap and buffers': { cost: heapBytes + externalBytes, text: megabytes(heapBytes + externalBytes) },
        },
      })
    }
  } finally {
    await server.stop()
  }
  return growthTable('A log of more and more changes', sized, [])
}
