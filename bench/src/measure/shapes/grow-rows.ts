import { forgetShape, readOverHttp } from '../../contenders/shapes/initial-sync.ts'
import { milliseconds } from '../../report/number.ts'
import { fillSynced } from '../../sample/synced-row.ts'
import type { ShapeStage } from '../../stage/shape-stage.ts'
import type { Effort } from '../effort.ts'
import { type GrowthTable, growthTable, type Sized } from './growth-table.ts'
import { megabytes } from './memory.ts'

/** The same shape with more and more rows: time to read all of it, and what stays in memory. */
export async function growRows(stage: ShapeStage, { grownRows }: Effort): Promise<GrowthTable> {
  const sized: Sized[] = []
  for (const size of grownRows) {
    await fillSynced(stage.owner, size, 100)
    const server = await stage.startServer()
    try {
      const url = server.shapeUrl()
      await forgetShape(url)
      const cold = await readOverHttp(url)
      const warm = await readOverHttp(url)
      if (cold.rows !== size || warm.rows !== size)
        throw new Error(`${cold.rows} and ${warm.rows} of ${size} rows came`)
      const { residentBytes, heapBytes, externalBytes } = await server.child.ask('memory', null)
      sized.push({
        size,
        costs: {
          'snapshot made': { cost: cold.elapsedMs, text: milliseconds(cold.elapsedMs) },
          'snapshot there': { cost: warm.elapsedMs, text: milliseconds(warm.elapsedMs) },
          resident: { cost: residentBytes, text: megabytes(residentBytes) },
          'heap and buffers': { cost: heapBytes + externalBytes, text: megabytes(heapBytes + externalBytes) },
        },
      })
    } finally {
      await server.stop()
    }
  }
  return growthTable('Reading a shape of more and more rows', sized, ['snapshot made', 'snapshot there'])
}
