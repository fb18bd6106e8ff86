import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldChanges } from './fold-changes.ts'
import { type RowChange, ShapeMessageError, type SyncedRow } from './shape-messages.ts'

const change = (operation: RowChange['operation'], row: SyncedRow): RowChange => ({
  operation,
  row,
  isSnapshot: false,
  isLast: true,
  offset: '1_0',
  txids: [],
})

it('leaves one change a row', () => {
  const changes = [
    change('insert', { id: 'a', name: 'Ada', age: '1' }),
    change('update', { id: 'a', age: null }),
    change('update', { id: 'b', age: '2' }),
    change('update', { id: 'b', name: 'Bo' }),
    change('insert', { id: 'c', name: 'Cy' }),
    change('delete', { id: 'c' }),
    change('delete', { id: 'd' }),
    change('insert', { id: 'd', name: 'Di' }),
  ]
  expect(foldChanges(['id'], changes)).toEqual({
    upserts: [
      { id: 'a', name: 'Ada', age: null },
      { id: 'd', name: 'Di' },
    ],
    patches: [{ id: 'b', age: '2', name: 'Bo' }],
    deletes: [['c']],
  })
})

it('tells keys of several columns apart', () => {
  const changes = [change('delete', { a: 'x', b: '","y' }), change('delete', { a: 'x","', b: 'y' })]
  expect(foldChanges(['a', 'b'], changes).deletes).toHaveLength(2)
})

it.each<SyncedRow>([{}, { id: null }])('refuses a row without its key: %j', (row) => {
  expect(() => foldChanges(['id'], [change('update', row)])).toThrow(ShapeMessageError)
})

it('ends as the changes one after the other would', () => {
  const value = fc.constantFrom('1', '2', null)
  const row = fc.record({ id: fc.constantFrom('a', 'b'), x: value, y: value })
  const patch = fc.record({ id: fc.constantFrom('a', 'b'), x: value, y: value }, { requiredKeys: ['id'] })
  const step = fc.oneof(
    row.map((given) => change('insert', given)),
    patch.map((given) => change('update', given)),
    row.map(({ id }) => change('delete', { id })),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.boolean(), (changes, isThere) => {
      const before = new Map<string, SyncedRow>(isThere ? [['a', { id: 'a', x: '0', y: '0' }]] : [])
      const apply = (rows: Map<string, SyncedRow>, { operation, row: given }: RowChange) => {
        const id = String(given.id)
        const stored = rows.get(id)
        if (operation === 'insert') rows.set(id, given)
        else if (operation === 'delete') rows.delete(id)
        else if (stored) rows.set(id, { ...stored, ...given })
        return rows
      }
      const expected = changes.reduce(apply, new Map(before))
      const net = foldChanges(['id'], changes)
      const folded = [
        ...net.deletes.map(([id]) => change('delete', { id: id ?? null })),
        ...net.upserts.map((given) => change('insert', given)),
        ...net.patches.map((given) => change('update', given)),
      ]
      expect(folded.reduce(apply, new Map(before))).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})
