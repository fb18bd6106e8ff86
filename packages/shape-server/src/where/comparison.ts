import type { Row } from '../replication/transaction.ts'
import type { Decimal } from './decimal.ts'
import type { TypedExpression } from './expression.ts'
import type { ScalarFamily, SqlType } from './sql-type.ts'
import type { Truth } from './three-valued.ts'
import { compareScalars, type Scalar, type Value } from './value.ts'
import { WhereError } from './where-error.ts'

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='

const OPERATORS: Record<ComparisonOperator, (order: number) => boolean> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

export const isComparison = (name: string): name is ComparisonOperator => name in OPERATORS

/** Numbers are compared in the widest of the families present; a date counts as its midnight, in UTC. */
const WIDTHS: Partial<Record<ScalarFamily, { group: string; width: number }>> = {
  int: { group: 'number', width: 0 },
  numeric: { group: 'number', width: 1 },
  float: { group: 'number', width: 2 },
  date: { group: 'moment', width: 0 },
  timestamp: { group: 'moment', width: 1 },
  timestamptz: { group: 'moment', width: 2 },
}

export function commonFamily(a: SqlType, b: SqlType): ScalarFamily {
  if (a.family !== 'array' && a.family !== 'opaque' && b.family !== 'array' && b.family !== 'opaque') {
    if (a.family === b.family && (a.family !== 'enum' || a.name === b.name)) return a.family
    const left = WIDTHS[a.family]
    const right = WIDTHS[b.family]
    if (left && right && left.group === right.group) return left.width > right.width ? a.family : b.family
  }
  throw new WhereError(`operator does not exist: ${a.name} and ${b.name} cannot be compared`)
}

/** Compares two values of these types. */
export function compareAs(operator: ComparisonOperator, a: SqlType, b: SqlType): (left: Value, right: Value) => Truth {
  const family = commonFamily(a, b)
  if (family === 'enum' && operator !== '=' && operator !== '<>') {
    throw new WhereError(`operator ${operator} is not supported on ${a.name}: cast it to text`)
  }
  const test = OPERATORS[operator]
  const widenLeft = widen(a.family, family)
  const widenRight = widen(b.family, family)
  return (left, right) =>
    left === null || right === null
      ? null
      : test(compareScalars(family, widenLeft(left as Scalar), widenRight(right as Scalar)))
}

export function compileComparison(
  operator: ComparisonOperator,
  left: TypedExpression,
  right: TypedExpression,
): (row: Row) => Truth {
  const compare = compareAs(operator, left.type, right.type)
  return (row) => compare(left.evaluate(row), right.evaluate(row))
}

/** Brings a value of one family into a wider one of the same group. */
export function widen(from: SqlType['family'], to: SqlType['family']): (value: Scalar) => Scalar {
  if (from === to) return (value) => value
  if (to === 'numeric') return (value) => ({ digits: value as bigint, scale: 0 })
  if (to === 'float') return (value) => (from === 'int' ? Number(value) : decimalToFloat(value as Decimal))
  return (value) => value
}

const decimalToFloat = (value: Decimal) =>
  typeof value === 'string' ? Number(value) : Number(`${value.digits}e-${value.scale}`)
