import type { Offset } from '@electric-sql/client'
import type { PGliteInterface, Transaction } from '@electric-sql/pglite'
import type { ShapePlace } from './shape-messages.ts'

/** Where a shape goes on, as it stands in the database: written in the transaction of the rows that led there. */
export interface ShapePosition extends ShapePlace {
  /** Columns that the table had then. One that came later is empty in every row, and the shape is fetched anew. */
  columns: string[]
  /** Whether the shape was up to date once since the snapshot; before, the table holds a part. */
  isComplete: boolean
}

export async function readPosition(pg: PGliteInterface, shape: string): Promise<ShapePosition | null> {
  const { rows } = await pg.query<{ handle: string; offset: Offset; columns: string[]; isComplete: boolean }>(
    `SELECT handle, "offset", columns, is_complete AS "isComplete" FROM shape_positions WHERE shape = $1`,
    [shape],
  )
  return rows[0] ?? null
}

export async function writePosition(tx: Transaction, shape: string, position: ShapePosition): Promise<void> {
  const { handle, offset, columns, isComplete } = position
  await tx.query(
    `INSERT INTO shape_positions (shape, handle, "offset", columns, is_complete) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (shape) DO UPDATE SET handle = excluded.handle, "offset" = excluded."offset",
       columns = excluded.columns, is_complete = excluded.is_complete`,
    [shape, handle, offset, columns, isComplete],
  )
}
