import { quoteIdentifier, quoteLiteral } from '../../src/database.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { type ColumnPlan, type TablePlan, typeName } from './table-plan.ts'
import { planCondition } from './where-plan.ts'

/** One statement that inserts, updates or deletes a few rows, or none. */
export function planStatement(random: SeededRandom, table: TablePlan): string {
  switch (
    random.weighted({
      insert: 6,
      upsert: 2,
      update: 6,
      updateSome: 3,
      nothingNew: 1,
      rekey: 2,
      delete: 2,
      deleteSome: 0.5,
    })
  ) {
    case 'insert':
      return `${planInsert(random, table, random.between(1, 4))} ON CONFLICT DO NOTHING`
    case 'upsert': {
      const column = quoteIdentifier(random.pick(others(table)).name)
      const key = table.identity.map(({ name }) => quoteIdentifier(name)).join(', ')
      return `${planInsert(random, table, 1)} ON CONFLICT (${key}) DO UPDATE SET ${column} = excluded.${column}`
    }
    case 'update':
      return `UPDATE ${table.qualified} SET ${planSets(random, table)} WHERE ${planIdentity(random, table)}`
    case 'updateSome':
      return `UPDATE ${table.qualified} SET ${planSets(random, table)} WHERE ${planCondition(random, table.columns)}`
    case 'nothingNew': {
      const column = quoteIdentifier(random.pick(others(table)).name)
      return `UPDATE ${table.qualified} SET ${column} = ${column} WHERE ${planIdentity(random, table)}`
    }
    case 'rekey': {
      const column = random.pick(table.identity)
      const sets = [`${quoteIdentifier(column.name)} = ${planCellValue(random, table, column)}`]
      if (random.chance(0.4)) sets.push(planSets(random, table))
      return `UPDATE ${table.qualified} SET ${sets.join(', ')} WHERE ${planIdentity(random, table)}`
    }
    case 'delete':
      return `DELETE FROM ${table.qualified} WHERE ${planIdentity(random, table)}`
    case 'deleteSome':
      return `DELETE FROM ${table.qualified} WHERE ${planCondition(random, table.columns)}`
  }
}

export function planInsert(random: SeededRandom, table: TablePlan, rows: number): string {
  const names = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const values = Array.from(
    { length: rows },
    () => `(${table.columns.map((column) => planCellValue(random, table, column)).join(', ')})`,
  )
  return `INSERT INTO ${table.qualified} (${names}) VALUES ${values.join(', ')}`
}

function planSets(random: SeededRandom, table: TablePlan): string {
  const columns = random.chance(0.6) ? [random.pick(others(table))] : random.some(others(table))
  return columns.map((column) => `${quoteIdentifier(column.name)} = ${planCellValue(random, table, column)}`).join(', ')
}

const LARGE = 0.06

/** A value as it may stand in VALUES or SET. */
export function planCellValue(random: SeededRandom, table: TablePlan, column: ColumnPlan): string {
  if (column.isNullable && random.chance(0.15)) return 'NULL'
  // Too large for its page, and nothing that Postgres could compress: it is stored apart and not sent when untouched.
  if (column.kind.type === 'text' && !table.identity.includes(column) && random.chance(LARGE)) {
    return `(SELECT string_agg(md5('${random.between(0, 5)}' || i), '') FROM generate_series(1, 120) AS i)`
  }
  return `${quoteLiteral(random.pick(column.kind.values))}::${typeName(column.kind.type, table.schema)}`
}

function planIdentity(random: SeededRandom, table: TablePlan): string {
  return table.identity
    .map(({ name, kind }) => `${quoteIdentifier(name)} = ${quoteLiteral(random.pick(kind.values))}`)
    .join(' AND ')
}

const others = (table: TablePlan) => table.columns.filter((column) => !table.identity.includes(column))

/** The row that belongs to the number `g`. */
export const rowOf = (table: TablePlan) =>
  table.columns.map(({ kind }) => typeName(kind.fromNumber, table.schema)).join(', ')

export const whereIdentity = (table: TablePlan) =>
  table.identity.map(({ name, kind }) => `${quoteIdentifier(name)} = ${kind.fromNumber}`).join(' AND ')
