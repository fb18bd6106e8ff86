import { expect, test, vi } from 'vitest'
import { definitionOf, ITEMS, ITEMS_RELATION, row, transaction, whereA } from '../testing/shape-fixtures.ts'
import type { RotationReason } from './shape.ts'
import { ShapeRegistry } from './shape-registry.ts'
import type { Snapshot } from './snapshot.ts'
import { parseSnapshot, type SnapshotVisibility } from './visibility.ts'

/** A registry whose snapshots are finished by hand. */
function startRegistry() {
  const pending: { isAcceptable: (visibility: SnapshotVisibility) => boolean; finish: (text: string) => void }[] = []
  const rotations: RotationReason[] = []
  const registry = new ShapeRegistry({
    snapshot: (_, isAcceptable) =>
      new Promise<Snapshot>((resolve) => {
        const finish = (text: string) => resolve({ visibility: parseSnapshot(text), walPosition: 1_000n, chunks: [[]] })
        pending.push({ isAcceptable, finish })
      }),
    onRotated: (_, reason) => rotations.push(reason),
  })
  return { registry, pending, rotations }
}

const changedKeys = (json: string[]) => json.map((text) => JSON.parse(text).key.split('"').at(-2))

async function following(
  registry: ShapeRegistry,
  pending: ReturnType<typeof startRegistry>['pending'],
  snapshot = '10:10:',
) {
  const { shape, ready } = registry.findOrCreate(definitionOf())
  pending.at(-1)?.finish(snapshot)
  await ready
  return shape
}

const START = { lsn: 0n, op: Number.POSITIVE_INFINITY }

test('transactions that arrive during the snapshot follow it unless it has seen them', async () => {
  const { registry, pending } = startRegistry()
  const { shape, ready } = registry.findOrCreate(definitionOf())
  registry.apply(transaction(100n, 10, { row: row('seen', 'x') }))
  registry.apply(transaction(200n, 11, { row: row('running', 'x') }))
  registry.apply(transaction(300n, 13, { row: row('later', 'x') }))
  pending[0]?.finish('11:13:11')
  await ready
  expect(changedKeys(shape.log.readAfter(START).messages)).toEqual(['running', 'later'])
})

test('a stream that lags behind the snapshot does not repeat what the snapshot has', async () => {
  const { registry, pending } = startRegistry()
  const shape = await following(registry, pending, '20:20:')
  registry.apply(transaction(100n, 19, { row: row('seen', 'x') }))
  registry.apply(transaction(200n, 20, { row: row('new', 'x') }))
  expect(changedKeys(shape.log.readAfter(START).messages)).toEqual(['new'])
})

test('what commits behind the snapshot is applied even when its id has come round again', async () => {
  const { registry, pending } = startRegistry()
  const shape = await following(registry, pending, '20:20:')
  registry.apply(transaction(1_000n, 5, { row: row('new', 'x') }))
  expect(changedKeys(shape.log.readAfter(START).messages)).toEqual(['new'])
})

test('a snapshot must see the transactions that were handed over before the shape was there', () => {
  const { registry, pending } = startRegistry()
  registry.apply(transaction(100n, 12, { row: row('1', 'x') }))
  registry.findOrCreate(definitionOf())
  registry.apply(transaction(200n, 14, { row: row('2', 'x') }))
  const isAcceptable = pending[0]?.isAcceptable
  expect(isAcceptable?.(parseSnapshot('12:14:12'))).toBe(false)
  expect(isAcceptable?.(parseSnapshot('12:13:12'))).toBe(false)
  // 14 came after the shape, which holds it back by itself.
  expect(isAcceptable?.(parseSnapshot('14:14:'))).toBe(true)
})

test('equal definitions share a shape, and a failed snapshot leaves none behind', async () => {
  const failing = new ShapeRegistry({ snapshot: () => Promise.reject(new Error('no')) })
  const first = failing.findOrCreate(definitionOf())
  expect(failing.findOrCreate(definitionOf())).toBe(first)
  await expect(first.ready).rejects.toThrow('no')
  expect(failing.find('items')).toBeUndefined()
  expect(failing.tables).toEqual([])
})

test.each<[RotationReason, () => ReturnType<typeof transaction>]>([
  ['truncated', () => transaction(2_000n, 30, { row: row('1', 'x') }, 'truncate')],
  ['old-row-missing', () => transaction(2_000n, 30, {})],
  [
    'altered',
    () => {
      const changed = transaction(2_000n, 30, { row: row('1', 'x') })
      const columns = [...ITEMS_RELATION.columns, { name: 'c', typeOid: 25, typeModifier: -1 }]
      return {
        ...changed,
        changes: changed.changes.map((change) => ({ ...change, relation: { ...ITEMS_RELATION, columns } })),
      }
    },
  ],
])('rotates when the log cannot go on: %s', async (reason, cause) => {
  const { registry, pending, rotations } = startRegistry()
  const shape = await following(registry, pending)
  const waiting = vi.fn()
  const waited = shape.waitForChange(START, new AbortController().signal).then(waiting)
  registry.apply(cause())
  await waited
  expect(waiting).toHaveBeenCalledOnce()
  expect([shape.isRotated, rotations, registry.find('items')]).toEqual([true, [reason], undefined])
  expect(registry.findOrCreate(definitionOf()).shape.handle).not.toBe(shape.handle)
})

test('a shape with its own columns survives a new column, but not the loss or new type of what it filters on', async () => {
  const { registry, pending } = startRegistry()
  const definition = definitionOf({
    columns: ITEMS.columns.slice(0, 1),
    hasColumnList: true,
    where: whereA((a) => a === 'in'),
  })
  const { shape, ready } = registry.findOrCreate(definition)
  pending[0]?.finish('10:10:')
  await ready
  const withColumns = (columns: typeof ITEMS_RELATION.columns) => {
    const inserted = transaction(2_000n, 30, { row: row('1', 'in') })
    return {
      ...inserted,
      changes: inserted.changes.map((change) => ({ ...change, relation: { ...ITEMS_RELATION, columns } })),
    }
  }
  registry.apply(withColumns([...ITEMS_RELATION.columns, { name: 'c', typeOid: 25, typeModifier: -1 }]))
  expect(shape.isRotated).toBe(false)
  registry.apply(
    withColumns(ITEMS_RELATION.columns.map((item) => (item.name === 'a' ? { ...item, typeOid: 23 } : item))),
  )
  expect(shape.isRotated).toBe(true)
})

test('a change wakes all who wait, a change of other rows wakes nobody', async () => {
  const { registry, pending } = startRegistry()
  const { shape, ready } = registry.findOrCreate(definitionOf({ where: whereA((a) => a === 'in') }))
  pending[0]?.finish('10:10:')
  await ready
  const woken = vi.fn()
  const never = new AbortController()
  const waits = [1, 2].map(() => shape.waitForChange(START, never.signal).then(woken))
  registry.apply(transaction(2_000n, 30, { row: row('1', 'out') }))
  await Promise.resolve()
  expect(woken).not.toHaveBeenCalled()
  registry.apply(transaction(3_000n, 31, { row: row('2', 'in') }))
  await Promise.all(waits)
  expect(woken).toHaveBeenCalledTimes(2)
})
