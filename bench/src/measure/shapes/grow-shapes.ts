import { milliseconds } from '../../report/number.ts'
import { fillSynced, insertMarked } from '../../sample/synced-row.ts'
import type { ShapeStage } from '../../stage/shape-stage.ts'
import type { Effort } from '../effort.ts'
import { latencies, tenantUrls, WARM_UP_COMMITS } from '../live.ts'
import { type GrowthTable, growthTable, type Sized } from './growth-table.ts'
import { megabytes } from './memory.ts'

/** More and more shapes of one table, one a tenant: what a commit that concerns one of them costs. */
export async function growShapes(stage: ShapeStage, { grownShapes, liveCommits }: Effort): Promise<GrowthTable> {
  const sized: Sized[] = []
  for (const size of grownShapes) {
    await fillSynced(stage.owner, size * 2, size)
    const server = await stage.startServer()
    try {
      const startMs = performance.now()
      await stage.clients.ask('create', { urls: tenantUrls(server, size) })
      const madeMs = (performance.now() - startMs) / size
      await stage.clients.ask('follow', { urls: [server.shapeUrl(1)], transport: 'long-poll' })
      const cpuBeforeMs = await server.child.ask('cpuMs', null)
      const latency = await latencies(stage, liveCommits, 1, () => insertMarked(stage.owner, 1))
      const cpuMs = ((await server.child.ask('cpuMs', null)) - cpuBeforeMs) / (WARM_UP_COMMITS + liveCommits)
      const { heapBytes, externalBytes } = await server.child.ask('memory', null)
      sized.push({
        size,
        costs: {
          'making one': { cost: madeMs, text: milliseconds(madeMs) },
          'commit → client, p50': { cost: latency.p50, text: milliseconds(latency.p50) },
          'processor a commit': { cost: cpuMs, text: milliseconds(cpuMs) },
          'heap and buffers': { cost: heapBytes + externalBytes, text: megabytes(heapBytes + externalBytes) },
        },
      })
    } finally {
      await server.stop()
    }
  }
  return growthTable('More and more shapes of one table', sized, ['heap and buffers'])
}
