import type { Row } from '../replication/transaction.ts'
import { combineCollations, DEFAULT_COLLATION, effectiveCollation, NO_COLLATION } from './derived-collation.ts'
import type { Expression, Literal, TypedExpression } from './expression.ts'
import { implementationOf } from './implementations.ts'
import { constant, type Scope, typeById } from './scope.ts'
import type { SqlType } from './sql-type.ts'
import { textInput } from './text-input.ts'
import { textOutput } from './text-output.ts'
import { UNKNOWN } from './type-conversion.ts'
import type { ArrayValue, Item, Value } from './value.ts'
import { WhereError } from './where-error.ts'

export type CoercionContext = 'implicit' | 'assignment' | 'explicit'

export const typeId = (expression: Expression) => (expression.kind === 'typed' ? expression.type.id : UNKNOWN)
export const typeName = (expression: Expression) => (expression.kind === 'typed' ? expression.type.id : 'a literal')

const COLLATABLE = new Set(['text', 'varchar', 'bpchar'])

export function isCollatable(type: SqlType): boolean {
  return type.kind === 'array' ? isCollatable(type.element) : type.kind === 'scalar' && COLLATABLE.has(type.id)
}

/** Makes a value of `target` out of an expression. Throws a WhereError when there is no way, or none that is known. */
export function coerce(
  scope: Scope,
  expression: Expression,
  target: SqlType,
  context: CoercionContext = 'implicit',
): TypedExpression {
  if (expression.kind === 'untyped') return literal(scope, expression.text, target, target.sql)
  const { type } = expression
  if (type.id === target.id) return expression
  const refuse = () => new WhereError(`unsupported cast from ${type.id} to ${target.id}`)
  const convert = conversion(scope, expression, target, context)
  if (convert === undefined) throw refuse()
  // The same bytes under another name: still the column.
  const keepsColumn = convert === SAME && COLLATABLE.has(target.id) && target.id !== 'bpchar' && type.id !== 'bpchar'
  const { column, literalText: _, ...rest } = expression
  return {
    ...rest,
    ...(keepsColumn && column !== undefined && { column }),
    type: target,
    collation: !isCollatable(target) ? NO_COLLATION : isCollatable(type) ? expression.collation : DEFAULT_COLLATION,
    evaluate: convert === SAME ? expression.evaluate : strict(expression.evaluate, convert),
  }
}

const strict = (evaluate: (row: Row) => Value, convert: (value: NonNullable<Value>) => Value) => (row: Row) => {
  const value = evaluate(row)
  return value === null ? null : convert(value)
}

const SAME = (value: NonNullable<Value>): Value => value

type Convert = (value: NonNullable<Value>) => Value

function conversion(
  scope: Scope,
  { type, collation }: TypedExpression,
  target: SqlType,
  context: CoercionContext,
): Convert | undefined {
  if (type.kind === 'array' && target.kind === 'array') {
    const item = { ...constant(type.element, null), collation }
    const convert = type.element.id === target.element.id ? SAME : conversion(scope, item, target.element, context)
    return convert && ((value) => withItems(value as ArrayValue, convert))
  }
  const cast = scope.conversion.cast(type.id, target.id)
  if (cast) {
    const allowed = context === 'explicit' || cast.context === 'i' || (context === 'assignment' && cast.context === 'a')
    if (!allowed) return undefined
    if (cast.isThroughText) return throughText(type, target)
    if (cast.function === null) return SAME
    const implementation = implementationOf(cast.function)
    const call = {
      types: [type],
      collation: () => effectiveCollation(collation, scope.databaseCollation),
      literalText: () => undefined,
    }
    return implementation && (implementation(call) as Convert)
  }
  const isText = (id: string) => scope.conversion.category(id) === 'S'
  if (isText(target.id) && context !== 'implicit') return throughText(type, target)
  if (isText(type.id) && context === 'explicit') return throughText(type, target)
  return undefined
}

function throughText(from: SqlType, to: SqlType): Convert | undefined {
  const print = textOutput(from)
  const read = COLLATABLE.has(to.id) ? SAME : textInput(to)
  return print && read && ((value) => read(print(value) as never))
}

const withItems = (array: ArrayValue, convert: Convert): ArrayValue => ({
  ...array,
  items: array.items.map((item) => (item === null ? null : (convert(item) as Item))),
})

/** A literal of this type, to be read by Postgres. `castSql` may say more than the type: a length, for instance. */
export function literal(scope: Scope, text: string | null, type: SqlType, castSql: string): TypedExpression {
  const collation = isCollatable(type) ? DEFAULT_COLLATION : NO_COLLATION
  if (text === null) return { ...constant(type, null), collation }
  const read: Literal = { text, type, castSql, value: null }
  scope.literals.push(read)
  return { kind: 'typed', type, collation, evaluate: () => read.value, isConstant: true, literalText: text }
}

/** Brings expressions to the one type that COALESCE, CASE, IN and ARRAY find for them; undefined when there is none. */
export function toCommonType(scope: Scope, parts: readonly Expression[]): TypedExpression[] | undefined {
  const id = scope.conversion.commonType(parts.map(typeId))
  return id === undefined ? undefined : parts.map((part) => coerce(scope, part, typeById(scope, id)))
}

export const commonCollation = (parts: readonly TypedExpression[]) =>
  combineCollations(parts.map(({ collation }) => collation))
