import { compareAs, widen } from './comparison.ts'
import type { TypedExpression } from './expression.ts'
import { type SqlType, TEXT } from './sql-type.ts'
import type { Truth } from './three-valued.ts'
import type { Scalar, Value } from './value.ts'
import { WhereError } from './where-error.ts'

/** Functions of one text. */
export const TEXT_FUNCTIONS: Record<string, (text: string | null) => string | null> = {
  lower: (text) => text && mapCharacters(text, (character) => character.toLowerCase()),
  upper: (text) => text && mapCharacters(text, (character) => character.toUpperCase()),
}

/** Character by character, as Postgres' C.UTF-8 does: `ß` has no single capital and stays. */
function mapCharacters(text: string, map: (character: string) => string): string {
  return Array.from(text, (character) => {
    const mapped = map(character)
    return Array.from(mapped).length === 1 ? mapped : character
  }).join('')
}

export const concatenate = (a: string | null, b: string | null) => (a === null || b === null ? null : a + b)

/** The first of these that is not NULL, as a value of `type`, the widest among them. */
export function coalesce(type: SqlType, parts: TypedExpression[]): TypedExpression {
  const choices = parts.map((part) => ({ evaluate: part.evaluate, widen: widen(part.type.family, type.family) }))
  return {
    kind: 'typed',
    type: type.family === 'text' ? TEXT : type,
    evaluate: (row) => {
      for (const choice of choices) {
        const value = choice.evaluate(row)
        if (value !== null) return choice.widen(value as Scalar)
      }
      return null
    },
  }
}

type Containment = '@>' | '<@' | '&&'

export const isContainment = (operator: string): operator is Containment => ['@>', '<@', '&&'].includes(operator)

/** Tests of one array against another. A NULL among the items equals nothing. */
export function containment(operator: Containment, a: SqlType, b: SqlType): (left: Value, right: Value) => Truth {
  if (a.family !== 'array' || b.family !== 'array' || a.name !== b.name) {
    throw new WhereError(`operator does not exist: ${a.name} ${operator} ${b.name}`)
  }
  const isEqual = compareAs('=', a.element, b.element)
  const has = (items: Value[], wanted: Value) => items.some((item) => isEqual(item, wanted) === true)
  const containsAll = (items: Value[], wanted: Value[]) => wanted.every((item) => has(items, item))
  const tests: Record<Containment, (left: Value[], right: Value[]) => boolean> = {
    '@>': containsAll,
    '<@': (left, right) => containsAll(right, left),
    '&&': (left, right) => left.some((item) => has(right, item)),
  }
  const test = tests[operator]
  return (left, right) => (left === null || right === null ? null : test(left as Value[], right as Value[]))
}
