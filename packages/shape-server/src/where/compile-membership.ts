import type { Node } from 'libpg-query'
import type { Row } from '../replication/transaction.ts'
import { type Compute, callOperator, prepareOperator } from './call-routine.ts'
import { coerce, toCommonType, typeId } from './coercion.ts'
import { predicate } from './compile-logic.ts'
import type { Expression, TypedExpression } from './expression.ts'
import { constant, type Scope } from './scope.ts'
import { arrayOf, type SqlType } from './sql-type.ts'
import { listItems, type NodeOf, names } from './syntax-tree.ts'
import { allOf, anyOf, type Truth } from './three-valued.ts'
import type { ArrayValue, Value } from './value.ts'
import { WhereError } from './where-error.ts'

/** `= ANY` and `<> ALL` of values that JavaScript finds equal when Postgres does can be looked up. */
const BY_IDENTITY = /^(int\d+(eq|ne)|text(eq|ne)|uuid_(eq|ne)|date_(eq|ne)|enum_(eq|ne))$/
/** Below this a list is gone through. */
const MIN_LOOKUP = 8

/** `x IN (…)` and `x NOT IN (…)`. */
export function compileIn(scope: Scope, { name, lexpr, rexpr }: NodeOf<'A_Expr'>): TypedExpression {
  const operator = names(name).join('.')
  const left = scope.compile(lexpr)
  const items = listItems(rexpr).map((node) => ({ node, item: scope.compile(node) }))
  // Items without columns become one array when they have a type in common with the left side, the others stay alone.
  const listed = items.filter(({ item }) => item.kind === 'untyped' || item.isConstant)
  const others = items.filter((entry) => !listed.includes(entry)).map(({ item }) => item)
  const common =
    listed.length > 1
      ? commonItems(
          scope,
          left,
          listed.map(({ item }) => item),
        )
      : undefined
  const alone = common ? others : items.map(({ item }) => item)
  const tests = [
    ...(common ? [quantified(scope, operator, left, common)] : []),
    ...alone.map((item) => callOperator(scope, operator, [left, item])),
  ].map(({ evaluate }) => evaluate as (row: Row) => Truth)
  const combine = operator === '<>' ? allOf : anyOf
  return predicate((row) => combine(tests, (test) => test(row)))
}

function commonItems(scope: Scope, left: Expression, items: readonly Expression[]): TypedExpression[] | undefined {
  const id = scope.conversion.commonType([left, ...items].map(typeId))
  if (id === undefined || id.startsWith('_')) return undefined
  const [, ...typed] = toCommonType(scope, [left, ...items]) ?? []
  return typed
}

/** `x operator ANY (array)` and `ALL`. */
export function compileQuantified(scope: Scope, { kind, name, lexpr, rexpr }: NodeOf<'A_Expr'>): TypedExpression {
  const operator = names(name).join('.')
  const left = scope.compile(lexpr)
  const array = scope.compile(rexpr)
  const mode = kind === 'AEXPR_OP_ANY' ? 'any' : 'all'
  if (array.kind === 'untyped') return quantify(scope, operator, left, { kind: 'untyped', text: null }, array, mode)
  if (array.type.kind !== 'array') throw new WhereError('op ANY/ALL (array) requires array on right side')
  return quantify(
    scope,
    operator,
    left,
    { ...constant(array.type.element, null), collation: array.collation },
    array,
    mode,
  )
}

function quantified(scope: Scope, operator: string, left: Expression, items: TypedExpression[]): TypedExpression {
  const [first] = items
  if (!first || (first.type.kind !== 'scalar' && first.type.kind !== 'enum')) {
    throw new WhereError('IN is not supported with values of this type')
  }
  const evaluate = (row: Row): ArrayValue => ({
    lengths: [items.length],
    lowerBounds: [1],
    items: items.map((item) => item.evaluate(row) as ArrayValue['items'][number]),
  })
  const array: TypedExpression = {
    kind: 'typed',
    type: arrayOf(first.type),
    collation: first.collation,
    evaluate,
    isConstant: true,
  }
  return quantify(scope, operator, left, first, array, operator === '<>' ? 'all' : 'any')
}

function quantify(
  scope: Scope,
  operator: string,
  left: Expression,
  element: Expression,
  array: Expression,
  mode: 'any' | 'all',
): TypedExpression {
  const prepared = prepareOperator(scope, operator, [left, element])
  if (prepared.resultType.id !== 'bool') throw new WhereError('op ANY/ALL (array) requires operator to yield boolean')
  const [leftType, elementType] = prepared.argTypes as [SqlType, SqlType]
  if (elementType.kind !== 'scalar' && elementType.kind !== 'enum') {
    throw new WhereError(`ANY and ALL are not supported with items of type ${elementType.id}`)
  }
  const value = coerce(scope, left, leftType)
  const items = coerce(scope, array, arrayOf(elementType))
  const compute = prepared.prepare([value, items])
  const isLookedUp = items.isConstant && BY_IDENTITY.test(prepared.source)
  const lookup = isLookedUp && operator === (mode === 'any' ? '=' : '<>') ? new ConstantList(items) : undefined
  return predicate(
    (row) => test(value.evaluate(row), items, row, { compute, mode, lookup }),
    value.isConstant && items.isConstant,
  )
}

interface Quantifier {
  compute: Compute
  mode: 'any' | 'all'
  lookup: ConstantList | undefined
}

function test(value: Value, items: TypedExpression, row: Row, { compute, mode, lookup }: Quantifier): Truth {
  const found = value === null ? undefined : lookup?.find(row, value)
  if (found !== undefined) return mode === 'any' ? found : found === null ? null : !found
  const array = items.evaluate(row) as ArrayValue | null
  if (array === null) return null
  const combine = mode === 'any' ? anyOf : allOf
  return combine(array.items, (item) => compute(value, item) as Truth)
}

/** The same items for every row: looking one up takes the same time however many there are. */
class ConstantList {
  readonly #array: TypedExpression
  #items: Set<Value> | 'short' | undefined

  constructor(array: TypedExpression) {
    this.#array = array
  }

  /** Whether the value is among the items, NULL when that is unknown; undefined for a list too short to bother. */
  find(row: Row, value: NonNullable<Value>): Truth | undefined {
    this.#items ??= this.#read(row)
    if (this.#items === 'short') return undefined
    if (this.#items.has(value)) return true
    return this.#items.has(null) ? null : false
  }

  #read(row: Row): Set<Value> | 'short' {
    const array = this.#array.evaluate(row) as ArrayValue | null
    return array === null || array.items.length < MIN_LOOKUP ? 'short' : new Set(array.items)
  }
}

/** `x BETWEEN a AND b`, in all its forms. */
export function compileBetween(scope: Scope, { kind, lexpr, rexpr }: NodeOf<'A_Expr'>): TypedExpression {
  const [low, high] = listItems(rexpr)
  const compare = (operator: string, bound: Node | undefined) => {
    const { evaluate } = callOperator(scope, operator, [scope.compile(lexpr), scope.compile(bound)])
    return evaluate as (row: Row) => Truth
  }
  const within = (from: Node | undefined, to: Node | undefined) => {
    const bounds = [compare('>=', from), compare('<=', to)]
    return (row: Row) => allOf(bounds, (bound) => bound(row))
  }
  const outside = (from: Node | undefined, to: Node | undefined) => {
    const bounds = [compare('<', from), compare('>', to)]
    return (row: Row) => anyOf(bounds, (bound) => bound(row))
  }
  switch (kind) {
    case 'AEXPR_BETWEEN':
      return predicate(within(low, high))
    case 'AEXPR_NOT_BETWEEN':
      return predicate(outside(low, high))
    case 'AEXPR_BETWEEN_SYM': {
      const either = [within(low, high), within(high, low)]
      return predicate((row) => anyOf(either, (test) => test(row)))
    }
    case 'AEXPR_NOT_BETWEEN_SYM': {
      const both = [outside(low, high), outside(high, low)]
      return predicate((row) => allOf(both, (test) => test(row)))
    }
    default:
      throw new WhereError(`unsupported operator ${kind}`)
  }
}
