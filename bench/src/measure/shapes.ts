import type { Section } from '../report/section.ts'
import type { ShapeStage } from '../stage/shape-stage.ts'
import type { Effort } from './effort.ts'
import { isSuperlinear } from './grown.ts'
import { growLog } from './shapes/grow-log.ts'
import { growRows } from './shapes/grow-rows.ts'
import { growShapes } from './shapes/grow-shapes.ts'
import { measureLargeTransaction } from './shapes/large-transaction.ts'
import { measureMemory } from './shapes/memory.ts'

/** What the shape server holds, and what of it grows with what. */
export async function measureShapes(stage: ShapeStage, effort: Effort): Promise<Section> {
  const memory = await measureMemory(stage, effort)
  const large = await measureLargeTransaction(stage, effort)
  const growths = [await growRows(stage, effort), await growLog(stage, effort), await growShapes(stage, effort)]
  const superlinear = growths.flatMap(({ grown }) => grown).filter(isSuperlinear)
  return {
    title: 'Shapes: memory, large transactions, growth',
    method:
      'The shape server in a process of its own, a fresh one for each table. Memory is read after two collections; resident memory counts what the allocator keeps for later. A pause is the longest time for which the event loop of the server did nothing else.',
    tables: [memory, large, ...growths.map(({ table }) => table)],
    goals: [
      {
        goal: 'nothing grows faster than its work, with 50 % for noise',
        found: superlinear.length === 0 ? 'nothing does' : superlinear.map(({ what }) => what).join('; '),
        isMet: superlinear.length === 0,
      },
    ],
    remarks: [],
  }
}
