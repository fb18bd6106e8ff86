import { figure } from '../../report/number.ts'
import type { Table } from '../../report/section.ts'
import { fillSynced } from '../../sample/synced-row.ts'
import type { Memory } from '../../stage/children/shape-server.ts'
import type { ShapeStage } from '../../stage/shape-stage.ts'
import type { Effort } from '../effort.ts'
import { tenantUrls } from '../live.ts'

/** What the server holds with nothing, one and many shapes, and with clients that wait. */
export async function measureMemory(stage: ShapeStage, { liveShapes, liveClients }: Effort): Promise<Table> {
  await fillSynced(stage.owner, liveShapes * 10, liveShapes)
  const server = await stage.startServer()
  const rows: string[][] = []
  let before: Memory | undefined
  const note = async (what: string) => {
    const memory = await server.child.ask('memory', null)
    before ??= memory
    rows.push([
      what,
      ...memoryCells(memory),
      signed(memory.heapBytes + memory.externalBytes - before.heapBytes - before.externalBytes),
    ])
  }
  try {
    await note('no shape')
    await stage.clients.ask('create', { urls: [server.shapeUrl()] })
    await note('1 shape')
    await stage.clients.ask('create', { urls: tenantUrls(server, liveShapes) })
    await note(`${figure(liveShapes)} shapes`)
    const clients = Math.max(...liveClients)
    const urls = Array.from({ length: clients }, (_, index) => server.shapeUrl(1 + (index % liveShapes)))
    await stage.clients.ask('follow', { urls, transport: 'long-poll' })
    await note(`and ${figure(clients)} clients that wait`)
  } finally {
    await server.stop()
  }
  return {
    title: `Memory of the server: ${figure(liveShapes * 10)} rows, one shape a tenant`,
    columns: ['', 'resident', 'heap', 'outside of the heap', 'more than without a shape'],
    rows,
  }
}

export const megabytes = (bytes: number): string => `${figure(bytes / 1e6)} MB`

export const memoryCells = ({ residentBytes, heapBytes, externalBytes }: Memory): string[] =>
  [residentBytes, heapBytes, externalBytes].map(megabytes)

const signed = (bytes: number): string => `${bytes < 0 ? '−' : ''}${megabytes(Math.abs(bytes))}`
