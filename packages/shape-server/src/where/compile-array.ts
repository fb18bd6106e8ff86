import type { Row } from '../replication/transaction.ts'
import { coerce, commonCollation, isCollatable, toCommonType } from './coercion.ts'
import { NO_COLLATION } from './derived-collation.ts'
import type { TypedExpression } from './expression.ts'
import { subscript } from './functions/arrays.ts'
import type { Scope } from './scope.ts'
import { arrayOf, INT4 } from './sql-type.ts'
import type { NodeOf } from './syntax-tree.ts'
import { type ArrayValue, type Item, listOf } from './value.ts'
import { WhereError } from './where-error.ts'

/** `ARRAY[a, b]`, of one dimension. */
export function compileArray(scope: Scope, { elements = [] }: NodeOf<'A_ArrayExpr'>): TypedExpression {
  if (elements.length === 0) throw new WhereError('cannot determine type of empty array')
  if (elements.some((element) => 'A_ArrayExpr' in element)) {
    throw new WhereError('ARRAY with more than one dimension is not supported')
  }
  const items = toCommonType(
    scope,
    elements.map((element) => scope.compile(element)),
  )
  const [first] = items ?? []
  if (!items || !first) throw new WhereError('ARRAY types cannot be matched')
  const { type } = first
  if (type.kind !== 'scalar' && type.kind !== 'enum') throw new WhereError(`ARRAY of ${type.id} is not supported`)
  return {
    kind: 'typed',
    type: arrayOf(type),
    collation: isCollatable(type) ? commonCollation(items) : NO_COLLATION,
    isConstant: items.every(({ isConstant }) => isConstant),
    evaluate: (row) => listOf(items.map((item) => item.evaluate(row) as Item)),
  }
}

/** `a[1]`, `a[1][2]`; no slices. */
export function compileSubscripts(scope: Scope, { arg, indirection = [] }: NodeOf<'A_Indirection'>): TypedExpression {
  const array = scope.compile(arg)
  if (array.kind === 'untyped' || array.type.kind !== 'array') throw new WhereError('only arrays can be subscripted')
  const indexes = indirection.map((node) => {
    if (!('A_Indices' in node) || node.A_Indices.is_slice) throw new WhereError('only plain subscripts are supported')
    return coerce(scope, scope.compile(node.A_Indices.uidx), INT4, 'assignment')
  })
  const { element } = array.type
  const evaluate = (row: Row) => {
    const value = array.evaluate(row) as ArrayValue | null
    const places = indexes.map((index) => index.evaluate(row) as bigint | null)
    const known = places.flatMap((place) => (place === null ? [] : [place]))
    return value === null || known.length < places.length ? null : subscript(value, known)
  }
  return {
    kind: 'typed',
    type: element,
    collation: isCollatable(element) ? array.collation : NO_COLLATION,
    isConstant: array.isConstant && indexes.every(({ isConstant }) => isConstant),
    evaluate,
  }
}
