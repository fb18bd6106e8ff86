import { quoteIdentifier, quoteLiteral } from '../../src/database.ts'
import type { SeededRandom } from '../seeded-random.ts'
import type { ColumnPlan } from './table-plan.ts'

export interface WherePlan {
  sql: string
  /** Values of $1, $2, … */
  params: string[]
}

/** A clause that Postgres accepts on rows of these columns, and that fails for none of their values. */
export function planWhere(random: SeededRandom, columns: readonly ColumnPlan[]): WherePlan {
  const params: string[] = []
  const sql = new ClauseMaker(random, columns, (value) => `$${params.push(value)}`).clause(random.between(0, 2))
  return { sql, params }
}

/** The same without parameters, to choose rows in statements. */
export function planCondition(random: SeededRandom, columns: readonly ColumnPlan[]): string {
  return new ClauseMaker(random, columns, undefined).clause(random.between(0, 1))
}

class ClauseMaker {
  readonly #random: SeededRandom
  readonly #columns: readonly ColumnPlan[]
  readonly #addParam: ((value: string) => string) | undefined

  constructor(random: SeededRandom, columns: readonly ColumnPlan[], addParam: ((value: string) => string) | undefined) {
    this.#random = random
    this.#columns = columns
    this.#addParam = addParam
  }

  clause(depth: number): string {
    if (depth === 0) return this.#atom(this.#random.pick(this.#columns))
    const left = this.clause(depth - 1)
    switch (this.#random.weighted({ and: 4, or: 4, not: 1, truth: 1 })) {
      case 'and':
        return `(${left} AND ${this.clause(depth - 1)})`
      case 'or':
        return `(${left} OR ${this.clause(depth - 1)})`
      case 'not':
        return `NOT (${left})`
      case 'truth':
        return `(${left}) IS ${this.#random.pick(['NOT TRUE', 'NOT FALSE', 'TRUE', 'UNKNOWN'])}`
    }
  }

  /** A value of the column as a literal or a parameter. */
  #value(column: ColumnPlan): string {
    const value = this.#random.pick(column.kind.values)
    if (this.#addParam && this.#random.chance(0.4)) return this.#addParam(value)
    const isNumber = column.kind.family === 'integer' && this.#random.chance(0.7)
    // What is below the least integer without its sign, Postgres takes for a numeric.
    return isNumber && value.length < 19 ? value : quoteLiteral(value)
  }

  #atom(column: ColumnPlan): string {
    const random = this.#random
    const name = quoteIdentifier(column.name)
    const value = () => this.#value(column)
    const operator = random.pick(['=', '=', '<>', '<', '<=', '>', '>='])
    if (random.chance(0.35)) return this.#special(column, name)
    switch (random.weighted({ compare: 6, isNull: 1, isIn: 2, between: 1, distinct: 1 })) {
      case 'compare': {
        if (column.kind.family === 'json' || column.kind.family === 'bytes') return `${name} = ${value()}`
        return `${name} ${column.kind.family === 'enum' ? random.pick(['=', '<>']) : operator} ${value()}`
      }
      case 'isNull':
        return `${name} IS ${random.pick(['NULL', 'NOT NULL'])}`
      case 'isIn':
        return `${name} ${random.pick(['IN', 'IN', 'NOT IN'])} (${value()}, ${value()})`
      case 'between':
        return `${name} ${random.pick(['BETWEEN', 'NOT BETWEEN'])} ${value()} AND ${value()}`
      case 'distinct':
        return `${name} IS ${random.pick(['', 'NOT '])}DISTINCT FROM ${value()}`
    }
  }

  /** What only values of this family can do. */
  #special(column: ColumnPlan, name: string): string {
    const { pick } = this.#random
    const literal = quoteLiteral(pick(column.kind.values))
    switch (column.kind.family) {
      case 'integer':
        return pick([
          `${name} % 3 = 1`,
          `${name} / 2 > 1`,
          `${name} = ANY ('{0,1,5}')`,
          `${name}::text LIKE '1%'`,
          `${name} <> ALL ('{1,2}')`,
          `coalesce(${name}, 3) < 4`,
        ])
      case 'numeric':
        return pick([`${name} * 2 > 1`, `${name} > 1`, `round(${name}) = 2`])
      case 'float':
        return pick([`${name} > 0`, `${name} = 'NaN'`, `${name} * 2 < 1`])
      case 'text':
        return pick([
          `${name} LIKE 'a%'`,
          `${name} NOT LIKE '%/%'`,
          `${name} ILIKE '%X%'`,
          `${name} LIKE '_'`,
          `lower(${name}) = 'a'`,
          `upper(${name}) >= 'B'`,
          `${name} || '!' = ${quoteLiteral('a!')}`,
          `length(${name}) > 1`,
          `coalesce(${name}, 'none') <> 'a'`,
        ])
      case 'boolean':
        return pick([name, `NOT ${name}`, `${name} IS TRUE`, `${name} IS NOT FALSE`, `${name} IS UNKNOWN`])
      case 'uuid':
        return pick([`${name}::text LIKE '0%'`, `${name} > ${literal}`])
      case 'moment':
        return pick([`${name} > '2024-02-01'`, `${name}::text LIKE '2024%'`, `${name} < '2024-02-29'::date`])
      case 'interval':
        return pick([`${name} > '1 hour'`, `${name} = '1 day'`])
      case 'json':
        return pick([`${name} @> '{"a": 1}'`, `${name} ->> 'a' = '1'`, `${name} IS NOT NULL`, `${name} ? 'b'`])
      case 'integers':
        return pick([
          `1 = ANY (${name})`,
          `${name} @> '{1}'`,
          `${name} && '{2,3}'`,
          `2 < ALL (${name})`,
          `${name}[1] = 1`,
        ])
      case 'texts':
        return pick([`'a' = ANY (${name})`, `${name} <@ '{a,b}'`, `array_length(${name}, 1) > 1`])
      case 'enum':
        return pick([`${name}::text LIKE '%a%'`, `${name}::text > 'ok'`, `${name} > ${literal}`])
      case 'bytes':
        return `${name} IS NOT NULL`
    }
  }
}
