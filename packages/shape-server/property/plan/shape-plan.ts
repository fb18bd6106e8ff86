import type { SeededRandom } from '../seeded-random.ts'
import { LEDGER_SUM, ledgerName } from './ledger-plan.ts'
import { EXTRA_COLUMN, type TablePlan } from './table-plan.ts'
import { planWhere, type WherePlan } from './where-plan.ts'

export interface ShapePlan {
  /** As the parameter `table` has it. */
  table: string
  where: WherePlan | undefined
  /** Chosen columns; undefined is no list. */
  columns: string[] | undefined
  replica: 'default' | 'full'
  /** Columns of the primary key; none without one. */
  key: string[]
  /** Each row has an `amount`, and at every up-to-date their sum is this. */
  sum: number | undefined
}

export function planShape(random: SeededRandom, table: TablePlan): ShapePlan {
  return {
    table: table.qualified,
    where: random.chance(0.65) ? planWhere(random, table.columns) : undefined,
    columns: table.hasPrimaryKey && random.chance(0.3) ? planColumns(random, table) : undefined,
    replica: random.chance(0.35) ? 'full' : 'default',
    key: table.hasPrimaryKey ? table.identity.map(({ name }) => name) : [],
    sum: undefined,
  }
}

export const planLedgerShape = (random: SeededRandom, schema: string): ShapePlan => ({
  table: ledgerName(schema),
  where: random.chance(0.3) ? { sql: 'id > $1', params: ['0'] } : undefined,
  columns: undefined,
  replica: random.chance(0.35) ? 'full' : 'default',
  key: ['id'],
  sum: LEDGER_SUM,
})

function planColumns(random: SeededRandom, table: TablePlan): string[] {
  const optional = table.columns.filter((column) => !table.identity.includes(column)).map(({ name }) => name)
  const chosen = new Set([...table.identity.map(({ name }) => name), ...random.some(optional)])
  if (table.changesColumns && random.chance(0.3)) chosen.add(EXTRA_COLUMN)
  return [...chosen]
}

/** The parameters of the shape, as the client takes them. */
export function shapeParams(shape: ShapePlan): Record<string, string | string[] | Record<string, string>> {
  return {
    table: shape.table,
    replica: shape.replica,
    ...(shape.columns && { columns: shape.columns }),
    ...(shape.where && { where: shape.where.sql }),
    ...(shape.where?.params.length && {
      params: Object.fromEntries(shape.where.params.map((value, index) => [String(index + 1), value])),
    }),
  }
}
