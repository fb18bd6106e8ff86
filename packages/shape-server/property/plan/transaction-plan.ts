import { quoteIdentifier } from '../../src/database.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { planCellValue, planStatement, rowOf, whereIdentity } from './statement-plan.ts'
import { EXTRA_COLUMN, type TablePlan } from './table-plan.ts'

export type Step =
  /** A statement that fails (a key that is taken, a column that is gone) is undone by itself. */
  | { do: 'sql'; sql: string }
  /** To a savepoint. */
  | { do: 'undone'; sql: string[] }
  | { do: 'pause'; ms: number }

export interface TransactionPlan {
  steps: Step[]
  ends: 'commit' | 'rollback'
  /** Rolled back as a whole when one of its statements fails. */
  isAllOrNothing: boolean
}

export function planTransaction(
  random: SeededRandom,
  tables: readonly TablePlan[],
  columns: ColumnChanges,
): TransactionPlan {
  const length = random.weighted({ one: 5, few: 5, many: 1 })
  const count = length === 'one' ? 1 : random.between(2, length === 'few' ? 5 : 20)
  const steps = Array.from({ length: count }, () => planStep(random, tables, columns))
  if (random.chance(0.1)) steps.push({ do: 'pause', ms: random.between(1, 25) })
  return { steps, ends: random.chance(0.1) ? 'rollback' : 'commit', isAllOrNothing: false }
}

function planStep(random: SeededRandom, tables: readonly TablePlan[], columns: ColumnChanges): Step {
  const table = random.pick(tables)
  switch (
    random.weighted({
      statement: 90,
      undone: 6,
      pause: 4,
      truncate: 0.3,
      bulk: 0.15,
      columns: table.changesColumns ? 6 : 0,
    })
  ) {
    case 'statement':
      return { do: 'sql', sql: planStatement(random, table) }
    case 'undone':
      return { do: 'undone', sql: Array.from({ length: random.between(1, 3) }, () => planStatement(random, table)) }
    case 'pause':
      return { do: 'pause', ms: random.between(1, 12) }
    case 'truncate':
      return { do: 'sql', sql: `TRUNCATE ${table.qualified}` }
    case 'bulk':
      return { do: 'sql', sql: planBulk(random, table) }
    case 'columns':
      return { do: 'sql', sql: columns.next(table) }
  }
}

const BULK_ROWS = 5_000

/** One statement that concerns thousands of rows. */
function planBulk(random: SeededRandom, table: TablePlan): string {
  const names = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const insert = `INSERT INTO ${table.qualified} (${names}) SELECT ${rowOf(table)} FROM generate_series(1000, ${999 + BULK_ROWS}) AS g ON CONFLICT DO NOTHING`
  const column = random.pick(table.columns.filter((candidate) => !table.identity.includes(candidate)))
  return random.pick([
    insert,
    insert,
    `UPDATE ${table.qualified} SET ${quoteIdentifier(column.name)} = ${planCellValue(random, table, column)}`,
    `DELETE FROM ${table.qualified}`,
  ])
}

/** Adds, drops and renames the columns that no other statement names. */
export class ColumnChanges {
  readonly #random: SeededRandom
  readonly #extras = new Map<TablePlan, string[]>()
  #made = 0

  constructor(random: SeededRandom) {
    this.#random = random
  }

  next(table: TablePlan): string {
    const extras = this.#extras.get(table) ?? [EXTRA_COLUMN]
    this.#extras.set(table, extras)
    this.#made += 1
    const fresh = `extra_${this.#made}`
    const action = extras.length === 0 ? 'add' : this.#random.pick(['add', 'drop', 'rename'])
    const old = action === 'add' ? undefined : extras.splice(this.#random.between(0, extras.length - 1), 1)[0]
    if (action !== 'drop') extras.push(fresh)
    const alter = `ALTER TABLE ${table.qualified}`
    if (old === undefined) return `${alter} ADD COLUMN ${fresh} int DEFAULT ${this.#made}`
    return action === 'drop' ? `${alter} DROP COLUMN ${old}` : `${alter} RENAME COLUMN ${old} TO ${fresh}`
  }
}

/** A row that comes and goes: another list of columns is in the stream only with the next change of the table. */
export function touch(table: TablePlan): string[] {
  const names = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  return [
    `INSERT INTO ${table.qualified} (${names}) SELECT ${rowOf(table)} FROM (SELECT 700000 AS g) AS numbers`,
    `DELETE FROM ${table.qualified} USING (SELECT 700000 AS g) AS numbers WHERE ${whereIdentity(table)}`,
  ]
}
