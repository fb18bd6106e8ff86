import { type Call, type Implementation, type Implementations, refuse } from '../routine.ts'
import type { ArrayType } from '../sql-type.ts'
import type { ArrayValue, Item, Value } from '../value.ts'
import { listOf } from '../value.ts'
import { WhereEvaluationError } from '../where-evaluation-error.ts'
import { type CompareItems, itemOrder } from './item-order.ts'

function elementOf(call: Call): ArrayType['element'] {
  const array = call.types.find((type): type is ArrayType => type.kind === 'array')
  return array?.element ?? refuse('an array of this type is not supported')
}

const cardinality = ({ items }: ArrayValue) => items.length

/** Item by item, NULL above everything; then the number of items, of dimensions, their lengths and bounds. */
function compareArrays(a: ArrayValue, b: ArrayValue, compare: CompareItems): number {
  for (let index = 0; index < Math.min(cardinality(a), cardinality(b)); index += 1) {
    const [x, y] = [a.items[index] ?? null, b.items[index] ?? null]
    const order = x === null || y === null ? Number(x === null) - Number(y === null) : compare(x, y)
    if (order !== 0) return order
  }
  const numbers = ({ items, lengths, lowerBounds }: ArrayValue) => [
    items.length,
    lengths.length,
    ...lengths,
    ...lowerBounds,
  ]
  const [left, right] = [numbers(a), numbers(b)]
  return left.map((number, index) => number - (right[index] ?? 0)).find((order) => order !== 0) ?? 0
}

const ORDERS: Record<string, (order: number) => boolean> = {
  array_eq: (order) => order === 0,
  array_ne: (order) => order !== 0,
  array_lt: (order) => order < 0,
  array_le: (order) => order <= 0,
  array_gt: (order) => order > 0,
  array_ge: (order) => order >= 0,
}

type Test = (a: ArrayValue, b: ArrayValue, has: (items: Item[], wanted: Item) => boolean) => boolean
const containsAll: Test = (a, b, has) => b.items.every((item) => has(a.items, item))

const CONTAINMENTS: Record<string, Test> = {
  arraycontains: containsAll,
  arraycontained: (a, b, has) => containsAll(b, a, has),
  arrayoverlap: (a, b, has) => a.items.some((item) => has(b.items, item)),
}

/** NULL for no array, which is how an array and nothing make the array. */
function concatenated(a: ArrayValue | null, b: ArrayValue | null): ArrayValue | null {
  if (a === null || b === null) return a ?? b
  if (a.items.length === 0) return b
  if (b.items.length === 0) return a
  const items = [...a.items, ...b.items]
  if (a.lengths.length === b.lengths.length) {
    requireSameShape(tailOf(a), tailOf(b))
    const [first = 0, ...rest] = a.lengths
    return { lengths: [first + (b.lengths[0] ?? 0), ...rest], lowerBounds: a.lowerBounds, items }
  }
  const [outer, inner] = a.lengths.length > b.lengths.length ? [a, b] : [b, a]
  requireSameShape(tailOf(outer), inner)
  const [first = 0, ...rest] = outer.lengths
  return { lengths: [first + 1, ...rest], lowerBounds: outer.lowerBounds, items }
}

type ArrayShape = Omit<ArrayValue, 'items'>
const tailOf = ({ lengths, lowerBounds }: ArrayValue): ArrayShape => ({
  lengths: lengths.slice(1),
  lowerBounds: lowerBounds.slice(1),
})

function requireSameShape(a: ArrayShape, b: ArrayShape): void {
  const isSame = (left: number[], right: number[]) =>
    left.length === right.length && left.every((n, i) => n === right[i])
  if (!isSame(a.lengths, b.lengths) || !isSame(a.lowerBounds, b.lowerBounds)) {
    throw new WhereEvaluationError('cannot concatenate incompatible arrays')
  }
}

const oneDimensional = (array: ArrayValue) => {
  if (array.lengths.length > 1) throw new WhereEvaluationError('argument must be empty or one-dimensional array')
  return array
}

function appended(array: ArrayValue | null, item: Item): ArrayValue {
  if (!array || array.items.length === 0) return listOf([item])
  const { items, lowerBounds } = oneDimensional(array)
  return { lengths: [items.length + 1], lowerBounds, items: [...items, item] }
}

function prepended(item: Item, array: ArrayValue | null): ArrayValue {
  if (!array || array.items.length === 0) return listOf([item])
  const { items, lowerBounds } = oneDimensional(array)
  return { lengths: [items.length + 1], lowerBounds, items: [item, ...items] }
}

const dimension =
  (compute: (array: ArrayValue, index: number) => number | undefined): Implementation =>
  () =>
  (array: ArrayValue, number: bigint): Value => {
    const result = compute(array, Number(number) - 1)
    return result === undefined ? null : BigInt(result)
  }

/** `a[1][2]`: NULL for what lies outside, and for another number of dimensions. */
export function subscript(array: ArrayValue, indexes: readonly bigint[]): Item {
  if (indexes.length !== array.lengths.length) return null
  let place = 0
  for (const [dimension, length] of array.lengths.entries()) {
    const index = Number(indexes[dimension] ?? 0n) - (array.lowerBounds[dimension] ?? 1)
    if (index < 0 || index >= length) return null
    place = place * length + index
  }
  return array.items[place] ?? null
}

const comparing =
  (
    prepare: (compare: CompareItems) => (a: ArrayValue, b: ArrayValue) => Value,
    needs: 'equality' | 'order',
  ): Implementation =>
  (call) =>
    prepare(itemOrder(elementOf(call), call, needs))

export const ARRAYS: Implementations = {
  ...Object.fromEntries(
    Object.entries(ORDERS).map(([name, test]) => [
      name,
      comparing(
        (compare) => (a, b) => test(compareArrays(a, b, compare)),
        name === 'array_eq' || name === 'array_ne' ? 'equality' : 'order',
      ),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(CONTAINMENTS).map(([name, test]) => [
      name,
      comparing((compare) => {
        const has = (items: Item[], wanted: Item) =>
          wanted !== null && items.some((item) => item !== null && compare(item, wanted) === 0)
        return (a, b) => test(a, b, has)
      }, 'equality'),
    ]),
  ),
  array_append: () => appended,
  array_prepend: () => prepended,
  array_cat: () => concatenated,
  array_cardinality: () => (array: ArrayValue) => BigInt(array.items.length),
  array_ndims: () => (array: ArrayValue) => (array.lengths.length === 0 ? null : BigInt(array.lengths.length)),
  array_length: dimension(({ lengths }, index) => lengths[index]),
  array_lower: dimension(({ lowerBounds }, index) => lowerBounds[index]),
  array_upper: dimension(({ lowerBounds, lengths }, index) => {
    const lower = lowerBounds[index]
    return lower === undefined ? undefined : lower + (lengths[index] ?? 0) - 1
  }),
  array_position: (call) => {
    const compare = itemOrder(elementOf(call), call, 'equality')
    return (array: ArrayValue | null, wanted: Item): Value => {
      if (array === null) return null
      if (array.lengths.length > 1) {
        throw new WhereEvaluationError('searching for elements in multidimensional arrays is not supported')
      }
      const index = array.items.findIndex((item) =>
        item === null || wanted === null ? item === wanted : compare(item, wanted) === 0,
      )
      return index < 0 ? null : BigInt(index + (array.lowerBounds[0] ?? 1))
    }
  },
}
