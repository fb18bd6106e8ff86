import { expect, test } from 'vitest'
import { definitionOf, whereA } from '../testing/shape-fixtures.ts'
import { DamagedShapeError, parseStoredShape, storeShape } from './stored-shape.ts'

const join = { visibility: { xmin: 10n, xmax: 12n, running: [11n] }, walPosition: 1_000n }

test('what was stored is read as it was', () => {
  for (const definition of [
    definitionOf(),
    definitionOf({ where: whereA((a) => a === 'x') }),
    definitionOf({ hasColumnList: true }),
  ]) {
    const stored = JSON.parse(JSON.stringify(storeShape(definition, join)))
    expect(parseStoredShape(stored)).toEqual(stored)
  }
})

test.each<[string, unknown]>([
  ['nothing', null],
  ['columns that are no names', { columns: 5 }],
  ['a clause that is no text', { where: { sql: 7, columns: [] } }],
  ['an empty clause', { where: {} }],
  ['no word of a clause', { where: undefined }],
  ['columns of a table without names', { table: { schema: 'public', table: 'items', columns: [null] } }],
  ['another replica', { replica: 'none' }],
  ['another log', { log: 7 }],
  ['a position that is no number', { join: { xmin: '1', xmax: '2', running: [], walPosition: 'x' } }],
])('what this version has not stored is damaged: %s', (_, part) => {
  const stored = part && { ...storeShape(definitionOf(), join), ...(part as object) }
  expect(() => parseStoredShape(stored)).toThrow(DamagedShapeError)
})
