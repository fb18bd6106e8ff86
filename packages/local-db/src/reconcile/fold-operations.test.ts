import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type FoldableOperation, foldOperations } from './fold-operations.ts'

const mergedKeysOf = (entity: string) => (entity === 'lead' ? ['values'] : [])

let count = 0
function operation(
  action: FoldableOperation['action'],
  changes: Record<string, unknown> | null = null,
  given: Partial<FoldableOperation> = {},
): FoldableOperation {
  count += 1
  return {
    opId: `op-${count}`,
    unit: null,
    entity: 'lead',
    entityId: 'row',
    action,
    baseVersion: null,
    capturedAt: '2026-01-01T00:00:00.000Z',
    label: action,
    changes,
    ...given,
  }
}

const fold = (...operations: FoldableOperation[]) => foldOperations(operations, mergedKeysOf)

describe('folding', () => {
  it('makes one insert of an insert and its updates, with the id of the last', () => {
    const [insert, update] = [operation('insert', { body: 'a', by: 'me' }), operation('update', { body: null })]
    expect(fold(insert, update)).toEqual([
      { operation: { ...insert, opId: update.opId, changes: { body: null, by: 'me' } }, sources: [insert, update] },
    ])
  })

  it('makes one update of two, measured against what was seen first', () => {
    const first = operation('update', { status: 'won', note: 'x' }, { baseVersion: 3 })
    const second = operation('update', { status: null }, { baseVersion: 5 })
    expect(fold(first, second)[0]?.operation).toEqual({
      ...second,
      baseVersion: 3,
      changes: { status: null, note: 'x' },
    })
  })

  it('merges by key what the model says is merged by key, and nothing else', () => {
    const first = operation('update', { values: { name: 'Ada', mail: 'a@b' }, other: { one: 1 } })
    const second = operation('update', { values: { name: 'Grace' }, other: { two: 2 } })
    expect(fold(first, second)[0]?.operation?.changes).toEqual({
      values: { name: 'Grace', mail: 'a@b' },
      other: { two: 2 },
    })
  })

  it('leaves a deletion of what was only updated, and nothing of what was inserted', () => {
    const update = operation('update', { body: 'a' }, { baseVersion: 2 })
    const remove = operation('delete', null, { baseVersion: 4 })
    expect(fold(update, remove).map((one) => one.operation)).toEqual([remove])
    const insert = operation('insert', { body: 'a' })
    expect(fold(insert, update, remove)).toEqual([{ operation: null, sources: [insert, update, remove] }])
  })

  it('leaves apart what stands or falls with others, other rows, and a row that is made again', () => {
    const cases = [
      [operation('insert', {}), operation('update', {}, { unit: 'group' })],
      [operation('insert', {}, { unit: 'group' }), operation('update', {})],
      [operation('insert', {}), operation('update', {}, { entityId: 'other' })],
      [operation('insert', {}), operation('update', {}, { entity: 'note' })],
      [operation('delete'), operation('insert', {})],
    ]
    for (const operations of cases) {
      expect(foldOperations(operations, mergedKeysOf).map(({ sources }) => sources.length)).toEqual([1, 1])
    }
  })
})

type Row = Record<string, unknown> | undefined

function apply(rows: Map<string, Row>, { entityId, action, changes }: FoldableOperation): void {
  const before = rows.get(entityId)
  switch (action) {
    case 'insert':
      if (before) throw new Error(`${entityId} is there already`)
      rows.set(entityId, { ...changes })
      break
    case 'update': {
      if (!before) throw new Error(`${entityId} is not there`)
      const values = changes?.values === undefined ? {} : { values: { ...(before.values ?? {}), ...changes.values } }
      rows.set(entityId, { ...before, ...changes, ...values })
      break
    }
    case 'delete':
      if (!before) throw new Error(`${entityId} is not there`)
      rows.delete(entityId)
  }
}

const changes = fc.record(
  {
    status: fc.constantFrom('new', 'won', null),
    values: fc.dictionary(fc.constantFrom('name', 'mail', '__proto__'), fc.constantFrom('', 'a', 'b'), { maxKeys: 2 }),
  },
  { requiredKeys: [] },
)
const step = fc.record({
  row: fc.constantFrom('a', 'b', 'there'),
  wantsDelete: fc.boolean(),
  unit: fc.constantFrom(null, null, 'group'),
  changes,
})

/** What somebody may write who sees the rows: nothing that is not there is changed. */
function writesOf(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]) {
  const present = new Set(['there'])
  return steps.map(({ row, wantsDelete, unit, changes: given }, index) => {
    const action = !present.has(row) ? 'insert' : wantsDelete ? 'delete' : 'update'
    if (action === 'insert') present.add(row)
    if (action === 'delete') present.delete(row)
    const written = action === 'delete' ? null : given
    return operation(action, written, { entityId: row, unit, baseVersion: action === 'insert' ? null : index + 1 })
  })
}

test('whatever was written, the folded operations do the same, once, and in the order of each row', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const writes = writesOf(steps)
      const folds = foldOperations(writes, mergedKeysOf)
      // Each write is dealt with once, and sent under its own id or that of a later write of its row and unit.
      expect(folds.flatMap(({ sources }) => sources.map(({ opId }) => opId)).toSorted()).toEqual(
        writes.map(({ opId }) => opId).toSorted(),
      )
      for (const { operation: left, sources } of folds) {
        if (left) expect(left.opId).toBe(sources.at(-1)?.opId)
        expect(new Set(sources.map(({ entityId, unit }) => `${entityId} ${unit}`)).size).toBe(1)
      }
      const start = () => new Map<string, Row>([['there', { status: 'new', values: { name: 'Ada' } }]])
      const [expected, found] = [start(), start()]
      for (const write of writes) apply(expected, write)
      for (const { operation: left } of folds) if (left) apply(found, left)
      expect(found).toEqual(expected)
      // Nothing is left to fold.
      const left = folds.flatMap((one) => one.operation ?? [])
      expect(foldOperations(left, mergedKeysOf).map((one) => one.operation)).toEqual(left)
    }),
    { numRuns: 500 },
  )
})
