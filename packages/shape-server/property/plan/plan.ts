import { quoteLiteral } from '../../src/database.ts'
import { seededRandom } from '../seeded-random.ts'
import { createLedger, planTransfer } from './ledger-plan.ts'
import { planReader, type ReaderPlan } from './reader-plan.ts'
import { planLedgerShape, planShape, type ShapePlan } from './shape-plan.ts'
import { planInsert } from './statement-plan.ts'
import { createTables, planTable, type TablePlan } from './table-plan.ts'
import { ColumnChanges, planTransaction, type TransactionPlan, touch } from './transaction-plan.ts'

/** Everything that a run does, decided by its seed. Only how the writers' statements interleave is not. */
export interface Plan {
  seed: number
  schema: string
  setup: string[]
  shapes: ShapePlan[]
  /** What each writer does, one after the other. */
  writers: TransactionPlan[][]
  readers: ReaderPlan[]
  /** Whether the first readers have their rows before anybody writes, or everything begins at once. */
  writersWait: boolean
  /** The last transaction, after all writers. */
  ending: string[]
}

export function planRun(seed: number): Plan {
  const random = seededRandom(seed)
  const schema = `Run ${seed}`
  const tables = Array.from(
    { length: random.weighted({ 1: 5, 2: 2, 3: 1 }) === '1' ? 1 : random.between(2, 3) },
    (_, index) => planTable(random.fork(), schema, index),
  )
  const hasLedger = random.chance(0.4)
  const shapes = planShapes(random.fork(), schema, tables, hasLedger)
  const writers = planWriters(random.fork(), schema, tables, hasLedger)
  const transactions = writers.flat().length
  const readers = shapes.flatMap((_, index) =>
    Array.from({ length: random.pick([1, 1, 2, 3]) }, () => planReader(random.fork(), index, transactions)),
  )
  return {
    seed,
    schema,
    setup: [
      ...createTables(schema, tables),
      ...(hasLedger ? createLedger(schema) : []),
      ...planRows(random.fork(), tables),
    ],
    shapes,
    writers,
    readers,
    writersWait: random.chance(0.5),
    ending: tables.filter(({ changesColumns }) => changesColumns).flatMap(touch),
  }
}

function planShapes(
  random: ReturnType<typeof seededRandom>,
  schema: string,
  tables: readonly TablePlan[],
  hasLedger: boolean,
): ShapePlan[] {
  const shapes = Array.from({ length: random.pick([1, 2, 2, 3, 4]) }, () => planShape(random, random.pick(tables)))
  return hasLedger ? [...shapes, planLedgerShape(random, schema)] : shapes
}

function planWriters(
  random: ReturnType<typeof seededRandom>,
  schema: string,
  tables: readonly TablePlan[],
  hasLedger: boolean,
): TransactionPlan[][] {
  const columns = new ColumnChanges(random.fork())
  return Array.from({ length: random.between(1, 3) }, () =>
    Array.from({ length: random.between(4, 14) }, () =>
      hasLedger && random.chance(0.3) ? planTransfer(random, schema) : planTransaction(random, tables, columns),
    ),
  )
}

function planRows(random: ReturnType<typeof seededRandom>, tables: readonly TablePlan[]): string[] {
  return tables.flatMap((table) => {
    const rows = random.pick([0, 3, 12, 30])
    return rows === 0 ? [] : [`${planInsert(random, table, rows)} ON CONFLICT DO NOTHING`]
  })
}

/** The plan in words, for whoever has to find out why its run failed. */
export function describePlan(plan: Plan): string {
  return [
    ...plan.setup.map((sql) => `  ${sql};`),
    ...plan.writers.flatMap((transactions, writer) =>
      transactions.flatMap(({ steps, ends, isAllOrNothing }, index) => [
        `  -- writer ${writer}, transaction ${index}${isAllOrNothing ? ', all or nothing' : ''}`,
        '  BEGIN;',
        ...steps.map(describeStep),
        `  ${ends.toUpperCase()};`,
      ]),
    ),
    ...plan.ending.map((sql) => `  ${sql};`),
  ].join('\n')
}

function describeStep(step: TransactionPlan['steps'][number]): string {
  switch (step.do) {
    case 'sql':
      return `    ${step.sql};`
    case 'undone':
      return ['    SAVEPOINT undone;', ...step.sql.map((sql) => `      ${sql};`), '    ROLLBACK TO undone;'].join('\n')
    case 'pause':
      return `    -- ${step.ms} ms pass`
  }
}

/** A shape in one line. */
export const describeShape = ({ table, where, columns, replica }: ShapePlan): string =>
  [
    `table=${table}`,
    where && `where=${where.sql}`,
    where?.params.length && `params=${where.params.map(quoteLiteral).join(', ')}`,
    columns && `columns=${columns.join(', ')}`,
    `replica=${replica}`,
  ]
    .filter(Boolean)
    .join(' · ')
