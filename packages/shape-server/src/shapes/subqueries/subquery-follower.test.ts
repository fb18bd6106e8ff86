import { expect, test } from 'vitest'
import type { Relation } from '../../replication/pgoutput.ts'
import type { Change, Row } from '../../replication/transaction.ts'
import { definitionOf, ITEMS_RELATION } from '../../testing/shape-fixtures.ts'
import type { SubqueryPlan } from '../../where/subquery-plan.ts'
import type { RotationReason } from '../shape.ts'
import { parseSnapshot, type SnapshotVisibility } from '../visibility.ts'
import { InnerValues } from './inner-values.ts'
import { type MoveReading, MoveTooLargeError } from './read-move.ts'
import { SubqueryFollower } from './subquery-follower.ts'

const INNER: Relation = { oid: 8, schema: 'public', name: 'inner', columns: [] }
const definition = definitionOf()
const subquery = {
  table: { ...definition.table, oid: INNER.oid },
  column: 'v',
  where: undefined,
  sql: '',
  typeSql: 'text',
}

/** `a IN (SELECT v FROM inner)` */
const planOf = (isNegated = false): SubqueryPlan => ({
  subqueries: [subquery],
  conditions: [{ kind: 'subquery', subquery: 0, column: 'a', isNegated }],
  alternatives: [[0]],
})

interface Reading {
  before: readonly InnerValues[]
  isAcceptable(visibility: SnapshotVisibility): boolean
  resolve(reading: MoveReading): void
  reject(error: Error): void
}

const valuesOf = (...values: (string | null)[]) => new InnerValues(new Map(values.map((value) => [value, 1])))

/** A follower whose subquery selects `values`, told of everything up to 1000. */
function start(values: InnerValues, plan = planOf()) {
  const lines: string[] = []
  const offsets: string[] = []
  const failures: RotationReason[] = []
  const readings: Reading[] = []
  const follower = new SubqueryFollower({
    shape: { definition, plan, handle: '1-1' },
    readMove: (before, isAcceptable) =>
      new Promise((resolve, reject) => readings.push({ before, isAcceptable, resolve, reject })),
    onLines(added) {
      for (const { json, offset } of added) {
        const { key, headers } = JSON.parse(json)
        const id = key?.split('/')[1]?.replaceAll('"', '')
        lines.push([headers.operation ?? headers.event ?? headers.control, id].filter(Boolean).join(' '))
        offsets.push(`${offset.lsn}_${offset.op}`)
      }
    },
    onFailed: (reason) => failures.push(reason),
  })
  follower.start({ visibility: parseSnapshot('10:10:'), walPosition: 1_000n }, [values])
  const send = (lsn: bigint, xid: number, ...changes: Change[]) => {
    for (const change of changes)
      follower.add({ lsn, endLsn: lsn, xid, isFirst: true, isComplete: true, changes }, change, undefined)
    follower.commit()
  }
  return { follower, lines, offsets, failures, readings, send }
}

const outer = (row: Row, position = 0): Change => ({ kind: 'insert', relation: ITEMS_RELATION, row, position })
const inner = (v: string | null, position = 0): Change => ({ kind: 'insert', relation: INNER, row: { v }, position })
const gone = (v: string | null, position = 0): Change => ({ kind: 'delete', relation: INNER, old: { v }, position })
const item = (id: string, a: string | null): Row => ({ id, a, b: null })

const reading = (
  values: InnerValues,
  added: string[],
  rows: Row[],
  snapshot = '100:100:',
  walPosition = 2_500n,
): MoveReading => ({
  join: { visibility: parseSnapshot(snapshot), walPosition },
  values: [values],
  moves: [{ added, removed: [] }],
  rows,
})
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('a value that comes holds back what follows until the stream is as far as the rows that were read', async () => {
  const { follower, lines, offsets, readings, send } = start(valuesOf('x'))
  send(2_000n, 20, inner('y'), outer(item('1', 'x'), 2))
  send(2_100n, 21, outer(item('2', 'y')))
  expect([lines, follower.heldFrom]).toEqual([[], 2_000n])
  expect(readings[0]?.isAcceptable(parseSnapshot('21:21:'))).toBe(false)
  expect(readings[0]?.isAcceptable(parseSnapshot('22:22:'))).toBe(true)

  readings[0]?.resolve(reading(valuesOf('x', 'y'), ['y'], [item('2', 'y'), item('9', 'y')]))
  await settled()
  expect(lines).toEqual([])
  // Seen by the rows, though it arrives later.
  send(2_400n, 22, outer(item('3', 'x')))
  send(3_000n, 200, outer(item('4', 'y')))
  expect(lines).toEqual(['insert 1', 'insert 3', 'move-in', 'insert 2', 'insert 9', 'snapshot-end', 'insert 4'])
  expect(offsets).toEqual(['2000_2', '2400_0', '2400_2', '2400_3', '2400_4', '2400_5', '3000_0'])
  expect(follower.heldFrom).toBeUndefined()
})

test('on an idle table the position of the stream is enough, short of a page header', async () => {
  const { follower, lines, readings, send } = start(valuesOf())
  send(2_000n, 20, inner('y'))
  readings[0]?.resolve(reading(valuesOf('y'), ['y'], [], '100:100:', 8_192n + 24n))
  await settled()
  follower.advance(8_190n)
  expect(lines).toEqual([])
  follower.advance(8_191n)
  expect(lines).toEqual(['move-in', 'snapshot-end'])
})

test('rows that see commits in another order than that of the log are read again', async () => {
  const { lines, readings, send } = start(valuesOf())
  send(2_000n, 20, inner('y'))
  readings[0]?.resolve(reading(valuesOf('y'), ['y'], [item('1', 'y')], '21:24:21'))
  await settled()
  send(2_100n, 21, outer(item('1', 'y')))
  send(2_200n, 22, outer(item('2', 'y')))
  send(2_600n, 30, outer(item('3', 'z')))
  expect([readings.length, lines]).toEqual([2, []])
  readings[1]?.resolve(reading(valuesOf('y'), ['y'], [item('1', 'y'), item('2', 'y')]))
  await settled()
  expect(lines).toEqual(['move-in', 'insert 1', 'insert 2', 'snapshot-end'])
})

test('a value that goes takes its rows with it at once, and only the last row that selects it counts', () => {
  const { lines, readings, send } = start(new InnerValues(new Map([['x', 2]])))
  send(2_000n, 20, gone('x'), outer(item('1', 'x'), 2))
  send(2_100n, 21, gone('x'))
  send(2_200n, 22, outer(item('2', 'x')))
  expect([lines, readings.length]).toEqual([['insert 1', 'move-out'], 0])
})

test('what the stream brings again after an interruption is not held twice', async () => {
  const { follower, lines, readings, send } = start(valuesOf())
  send(2_000n, 20, inner('y'))
  send(2_100n, 21, outer(item('1', 'z')))
  follower.add(
    { lsn: 2_200n, endLsn: 2_200n, xid: 22, isFirst: true, isComplete: false, changes: [] },
    outer(item('2', 'y')),
    undefined,
  )
  follower.interrupt()
  send(2_000n, 20, inner('y'))
  send(2_200n, 22, outer(item('2', 'y')))
  readings[0]?.resolve(reading(valuesOf('y'), ['y'], [item('2', 'y')]))
  await settled()
  follower.advance(2_600n)
  expect(lines).toEqual(['move-in', 'insert 2', 'snapshot-end'])
})

test.each<[string, RotationReason, (test: ReturnType<typeof start>) => void]>([
  ['NOT IN gets a NULL', 'subquery-null', ({ send }) => send(2_000n, 20, inner(null))],
  ['NOT IN loses its last value', 'subquery-null', ({ send }) => send(2_000n, 20, gone('x'))],
  [
    'the rows cannot be read',
    'move-failed',
    ({ send, readings }) => {
      send(2_000n, 20, inner('y'), gone('x', 2))
      readings[0]?.reject(new Error('no connection'))
    },
  ],
  [
    'the rows are too many',
    'move-too-large',
    ({ send, readings }) => {
      send(2_000n, 20, inner('y'), gone('x', 2))
      readings[0]?.reject(new MoveTooLargeError('too many'))
    },
  ],
  [
    'too much is held back',
    'move-too-large',
    ({ send }) => {
      const large = item('1', 'x'.repeat(1_000_000))
      for (let n = 0n; n < 70n; n += 1n) send(2_000n + n, 20, inner('y'), gone('x', 2), outer(large, 4))
    },
  ],
])('gives up when %s', async (_, reason, act) => {
  const made = start(valuesOf('x'), planOf(true))
  act(made)
  await settled()
  expect(made.failures).toEqual([reason])
  expect(made.lines).toEqual([])
})
