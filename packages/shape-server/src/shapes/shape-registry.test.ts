import { expect, test, vi } from 'vitest'
import { definitionOf, ITEMS, ITEMS_RELATION, row, transaction, whereA } from '../testing/shape-fixtures.ts'
import { messagesIn, openTestStorage } from '../testing/test-storage.ts'
import { WhereEvaluationError } from '../where/where-evaluation-error.ts'
import type { ShapeDefinition } from './definition.ts'
import { DefinitionChangedError } from './definition-errors.ts'
import type { RotationReason, Shape } from './shape.ts'
import { ShapeRegistry, type ShapeRegistryOptions, type SnapshotTask } from './shape-registry.ts'
import { storeShape } from './stored-shape.ts'
import { parseSnapshot, type SnapshotVisibility } from './visibility.ts'

type Pending = SnapshotTask & {
  isAcceptable: (visibility: SnapshotVisibility) => boolean
  /** Ends the snapshot, which is as `pg_current_snapshot()` says. */
  finish(text: string): Promise<void>
}

/** A registry whose snapshots are finished by hand. */
async function startRegistry(options: Partial<ShapeRegistryOptions> = {}) {
  const pending: Pending[] = []
  const rotations: RotationReason[] = []
  const storage = await openTestStorage()
  const registry = new ShapeRegistry({
    storage,
    snapshot: (task) =>
      new Promise((resolve) => {
        const isAcceptable = task.begin()
        const finish = async (text: string) => {
          task.join({ visibility: parseSnapshot(text), walPosition: 1_000n })
          const writer = await task.folder.startSnapshot()
          await writer.finish('{"headers":{"control":"snapshot-end"}}')
          resolve()
        }
        pending.push({ ...task, isAcceptable, finish })
      }),
    describe: storeShape,
    onRotated: (_, reason) => rotations.push(reason),
    ...options,
  })
  return { registry, pending, rotations, storage }
}

const changedKeys = async (shape: Shape) => {
  const { messages } = await shape.log.readAfter(START)
  return (await messagesIn(messages)).map(({ key }) => key?.split('"').at(-2))
}

async function following(
  registry: ShapeRegistry,
  pending: Pending[],
  definition: Partial<ShapeDefinition> = {},
  snapshot = '10:10:',
) {
  const { shape, ready } = registry.findOrCreate(definitionOf(definition))
  await pending.at(-1)?.finish(snapshot)
  await ready
  return shape
}

const START = { lsn: 0n, op: Number.POSITIVE_INFINITY }

test('transactions that arrive during the snapshot follow it unless it has seen them', async () => {
  const { registry, pending } = await startRegistry()
  const { shape, ready } = registry.findOrCreate(definitionOf())
  registry.apply(transaction(100n, 10, { row: row('seen', 'x') }))
  registry.apply(transaction(200n, 11, { row: row('running', 'x') }))
  registry.apply(transaction(300n, 13, { row: row('later', 'x') }))
  await pending[0]?.finish('11:13:11')
  await ready
  expect(await changedKeys(shape)).toEqual(['running', 'later'])
})

test('a stream that lags behind the snapshot does not repeat what the snapshot has', async () => {
  const { registry, pending } = await startRegistry()
  const shape = await following(registry, pending, {}, '20:20:')
  registry.apply(transaction(100n, 19, { row: row('seen', 'x') }))
  registry.apply(transaction(200n, 20, { row: row('new', 'x') }))
  expect(await changedKeys(shape)).toEqual(['new'])
})

test('what commits behind the snapshot is applied even when its id has come round again', async () => {
  const { registry, pending } = await startRegistry()
  const shape = await following(registry, pending, {}, '20:20:')
  registry.apply(transaction(1_000n, 5, { row: row('new', 'x') }))
  expect(await changedKeys(shape)).toEqual(['new'])
})

test('a snapshot must see the transactions that were handed over before the shape was there', async () => {
  const { registry, pending } = await startRegistry()
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
  const { registry: failing } = await startRegistry({ snapshot: () => Promise.reject(new Error('no')) })
  const first = failing.findOrCreate(definitionOf())
  expect(failing.findOrCreate(definitionOf())).toBe(first)
  await expect(first.ready).rejects.toThrow('no')
  expect(failing.find('items')).toBeUndefined()
  expect(failing.tables).toEqual([])
})

test('whoever waits for a snapshot of a shape that is rotated meanwhile goes on with the successor', async () => {
  let fail = (_: Error) => {}
  const snapshot = (task: SnapshotTask) =>
    new Promise<void>((_, reject) => {
      task.begin()
      fail = reject
    })
  const { registry, rotations } = await startRegistry({ snapshot })
  const { shape, ready } = registry.findOrCreate(definitionOf())
  registry.rotateTable(ITEMS.oid, 'dropped')
  fail(new Error('given up'))
  await ready
  const successor = registry.findOrCreate(definitionOf())
  fail(new DefinitionChangedError('the columns have changed'))
  await successor.ready
  expect([shape.isRotated, successor.shape.isRotated, rotations]).toEqual([true, true, ['dropped', 'altered']])
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
  const { registry, pending, rotations } = await startRegistry()
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
  const { registry, pending } = await startRegistry()
  const definition = definitionOf({
    columns: ITEMS.columns.slice(0, 1),
    hasColumnList: true,
    where: whereA((a) => a === 'in'),
  })
  const { shape, ready } = registry.findOrCreate(definition)
  await pending[0]?.finish('10:10:')
  await ready
  const withColumns = (lsn: bigint, columns: typeof ITEMS_RELATION.columns) => {
    const inserted = transaction(lsn, 30, { row: row('1', 'in') })
    return {
      ...inserted,
      changes: inserted.changes.map((change) => ({ ...change, relation: { ...ITEMS_RELATION, columns } })),
    }
  }
  registry.apply(withColumns(2_000n, [...ITEMS_RELATION.columns, { name: 'c', typeOid: 25, typeModifier: -1 }]))
  expect(shape.isRotated).toBe(false)
  registry.apply(
    withColumns(
      3_000n,
      ITEMS_RELATION.columns.map((item) => (item.name === 'a' ? { ...item, typeOid: 23 } : item)),
    ),
  )
  expect(shape.isRotated).toBe(true)
})

test('a change wakes all who wait, a change of other rows wakes nobody', async () => {
  const { registry, pending } = await startRegistry()
  const { shape, ready } = registry.findOrCreate(definitionOf({ where: whereA((a) => a === 'in') }))
  await pending[0]?.finish('10:10:')
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

test('a large transaction becomes visible with its last part, and its last change is marked', async () => {
  const { registry, pending } = await startRegistry()
  const shape = await following(registry, pending)
  const whole = transaction(2_000n, 30, { row: row('1', 'x') }, { row: row('2', 'x') }, { row: row('3', 'x') })
  const [first, second, third] = whole.changes.map((change) => [change])
  registry.apply({ ...whole, changes: first ?? [], isComplete: false })
  registry.apply({ ...whole, changes: second ?? [], isFirst: false, isComplete: false })
  expect(await changedKeys(shape)).toEqual([])
  registry.apply({ ...whole, changes: third ?? [], isFirst: false, isComplete: false })
  registry.apply({ ...whole, changes: [], isFirst: false })
  const messages = await messagesIn((await shape.log.readAfter(START)).messages)
  expect(messages.map(({ value, headers }) => [value?.id, headers.last])).toEqual([
    ['1', undefined],
    ['2', undefined],
    ['3', true],
  ])
})

test('of a transaction that was interrupted nothing stays, and it comes again', async () => {
  const { registry, pending } = await startRegistry()
  const shape = await following(registry, pending)
  const whole = transaction(2_000n, 30, { row: row('1', 'x') }, { row: row('2', 'x') })
  registry.apply({ ...whole, isComplete: false })
  registry.interrupt()
  registry.apply(whole)
  expect(await changedKeys(shape)).toEqual(['1', '2'])
})

test('transactions that come again after a restart are not repeated', async () => {
  const { registry, pending } = await startRegistry()
  const shape = await following(registry, pending)
  const again = [
    transaction(2_000n, 30, { row: row('1', 'x') }),
    transaction(3_000n, 31, { row: row('2', 'x') }, { old: row('2', 'x') }),
  ]
  for (const each of [...again, ...again]) registry.apply(each)
  registry.apply(transaction(4_000n, 32, { row: row('3', 'x') }))
  expect(await changedKeys(shape)).toEqual(['1', '2', '2', '3'])
})

test('what is held back for a snapshot is not held twice when the stream brings it again', async () => {
  const { registry, pending } = await startRegistry()
  const { shape, ready } = registry.findOrCreate(definitionOf())
  const [first, second] = [
    transaction(2_000n, 30, { row: row('1', 'x') }),
    transaction(3_000n, 31, { row: row('2', 'x') }),
  ]
  registry.apply(first)
  registry.apply({ ...second, isComplete: false })
  registry.interrupt()
  for (const each of [first, second]) registry.apply(each)
  await pending[0]?.finish('10:10:')
  await ready
  expect(await changedKeys(shape)).toEqual(['1', '2'])
})

test('a row for which the clause cannot be computed rotates the shape', async () => {
  const { registry, pending, rotations } = await startRegistry()
  const where = whereA((a) => {
    if (a === '0') throw new WhereEvaluationError('division by zero')
    return true
  })
  await following(registry, pending, { where })
  registry.apply(transaction(2_000n, 30, { row: row('1', '1') }))
  expect(rotations).toEqual([])
  registry.apply(transaction(3_000n, 31, { row: row('2', '0') }))
  expect(rotations).toEqual(['where-failed'])
})

/** Counts how often its clause was asked. */
function pinnedTo(value: string) {
  const matches = vi.fn((a: string | null) => a === value)
  return { matches, where: { ...whereA(matches), equalities: new Map([['a', value]]) } as ShapeDefinition['where'] }
}

test('a change is shown only to the shapes of its rows, old and new', async () => {
  const { registry, pending } = await startRegistry()
  const values = ['x', 'y', 'z'].map((value) => ({ value, ...pinnedTo(value) }))
  const shapes: Shape[] = []
  for (const { value, where } of values) shapes.push(await following(registry, pending, { id: value, where }))
  const everyRow = await following(registry, pending, { id: 'all' })
  // The first change after the table was described reaches all of them.
  registry.apply(transaction(2_000n, 30, { row: row('1', 'x') }))
  for (const { matches } of values) matches.mockClear()
  registry.apply(transaction(3_000n, 31, { old: row('1', 'x'), row: row('1', 'y') }))
  expect(values.map(({ matches }) => matches.mock.calls.length > 0)).toEqual([true, true, false])
  expect(await Promise.all(shapes.map(changedKeys))).toEqual([['1', '1'], ['1'], []])
  expect(await changedKeys(everyRow)).toEqual(['1', '1'])
})

test.each<[RotationReason, () => ReturnType<typeof transaction>]>([
  ['truncated', () => transaction(3_000n, 31, 'truncate')],
  ['old-row-missing', () => transaction(3_000n, 31, {})],
  [
    'altered',
    () => {
      const inserted = transaction(3_000n, 31, { row: row('1', 'other') })
      const columns = ITEMS_RELATION.columns.slice(0, 2)
      return {
        ...inserted,
        changes: inserted.changes.map((change) => ({ ...change, relation: { ...ITEMS_RELATION, columns } })),
      }
    },
  ],
])('what ends a log reaches the shapes of other rows, too: %s', async (reason, cause) => {
  const { registry, pending, rotations } = await startRegistry()
  await following(registry, pending, { where: pinnedTo('x').where })
  registry.apply(transaction(2_000n, 30, { row: row('1', 'other') }))
  registry.apply(cause())
  expect(rotations).toEqual([reason])
})

test('the shape used longest ago gives way to a new one, unless somebody waits for it', async () => {
  const { registry, pending, rotations } = await startRegistry({ maxShapes: 2 })
  const first = await following(registry, pending, { id: '1' })
  const second = await following(registry, pending, { id: '2' })
  registry.find('1')
  await following(registry, pending, { id: '3' })
  expect([first.isRotated, second.isRotated, rotations]).toEqual([false, true, ['evicted']])
  const { signal } = new AbortController()
  for (const id of ['1', '3']) void registry.find(id)?.shape.waitForChange(START, signal)
  expect(() => registry.findOrCreate(definitionOf({ id: '4' }))).toThrow('too many shapes')
})

test('a shape that is still being made does not give way', async () => {
  const { registry, pending, rotations } = await startRegistry({ maxShapes: 1 })
  const { shape, ready } = registry.findOrCreate(definitionOf({ id: '1' }))
  expect(() => registry.findOrCreate(definitionOf({ id: '2' }))).toThrow('too many shapes')
  await pending.at(-1)?.finish('10:10:')
  await ready
  await following(registry, pending, { id: '2' })
  expect([shape.isRotated, rotations]).toEqual([true, ['evicted']])
})

test('that the files of a given up shape are gone is no failure of the disk', async () => {
  const onStorageFailed = vi.fn()
  const { registry, pending } = await startRegistry({ onStorageFailed })
  const { shape } = registry.findOrCreate(definitionOf())
  const synced = vi.spyOn(shape.folder, 'sync').mockImplementation(async () => {
    shape.rotate('deleted')
    throw new Error('gone')
  })
  await pending.at(-1)?.finish('10:10:')
  await vi.waitFor(() => expect(synced).toHaveBeenCalled())
  await expect(synced.mock.results[0]?.value).rejects.toThrow('gone')
  expect(onStorageFailed).not.toHaveBeenCalled()
})

test('a shape that nobody asks for is given up, one that is waited for is not', async () => {
  const { registry, pending } = await startRegistry()
  const idle = await following(registry, pending, { id: '1' })
  const live = await following(registry, pending, { id: '2' })
  void live.waitForChange(START, new AbortController().signal)
  registry.evictUnused(Date.now() - 60_000)
  expect(registry.size).toBe(2)
  registry.evictUnused(Date.now() + 1)
  expect([idle.isRotated, live.isRotated, registry.size]).toEqual([true, false, 1])
})

test('a log that has become much longer than what it began with is rotated', async () => {
  const { registry, pending, rotations } = await startRegistry({ compaction: { bytes: 2_000, ratio: 4 } })
  const shape = await following(registry, pending)
  for (let lsn = 2_000n; !shape.isRotated && lsn < 3_000n; lsn += 1n) {
    registry.apply(transaction(lsn, 30, { row: row(String(lsn), 'x') }))
  }
  expect(rotations).toEqual(['compacted'])
  expect(shape.log.size.changes).toBeGreaterThan(2_000)
})

test('the stream waits while too much is held back for a snapshot, and goes on when it is begun', async () => {
  const { registry, pending } = await startRegistry()
  const { shape, ready } = registry.findOrCreate(definitionOf())
  let waiting: Promise<void> | undefined
  for (let lsn = 2_000n; !waiting && lsn < 2_100n; lsn += 1n) {
    waiting = registry.apply(transaction(lsn, 30, { row: row(String(lsn), 'x'.repeat(1_000_000)) }))
  }
  expect(registry.pendingBytes).toBeGreaterThan(30_000_000)
  await pending[0]?.finish('10:10:')
  await ready
  await waiting
  expect((await changedKeys(shape)).length).toBeGreaterThan(0)
})
