import { expect, test } from 'vitest'
import { definitionOf, ITEMS, row, transaction, whereA } from '../testing/shape-fixtures.ts'
import type { ShapeDefinition } from './definition.ts'
import { rowChanges } from './row-changes.ts'

type RowChange = Parameters<typeof transaction>[2]

function messages(definition: ShapeDefinition, change: Exclude<RowChange, 'truncate'>) {
  const [only] = transaction(1n, 1, change).changes
  if (!only || only.kind === 'truncate') throw new Error('not a row change')
  return rowChanges(definition, only).map(({ position: _, ...message }) => message)
}

const key = (id: string) => `"public"."items"/"${id}"`

test('an update carries the key and what changed', () => {
  expect(messages(definitionOf(), { old: row('1', 'x', 'y'), row: row('1', 'x', 'z') })).toEqual([
    { key: key('1'), operation: 'update', value: { id: '1', b: 'z' } },
  ])
})

test('an update to NULL carries the NULL', () => {
  expect(messages(definitionOf(), { old: row('1', 'x'), row: row('1', null) })[0]?.value).toEqual({ id: '1', a: null })
})

test('with full replica an update carries the whole row and the old values of what changed', () => {
  expect(messages(definitionOf({ replica: 'full' }), { old: row('1', 'x', 'y'), row: row('1', 'x', 'z') })).toEqual([
    { key: key('1'), operation: 'update', value: { id: '1', a: 'x', b: 'z' }, oldValue: { b: 'y' } },
  ])
})

test('an update that changes no chosen column is not sent', () => {
  const definition = definitionOf({ columns: ITEMS.columns.slice(0, 2), hasColumnList: true })
  expect(messages(definition, { old: row('1', 'x', 'y'), row: row('1', 'x', 'z') })).toEqual([])
  expect(messages(definitionOf(), { old: row('1', 'x'), row: row('1', 'x') })).toEqual([])
})

test('a delete carries the key, or with full replica the whole old row', () => {
  expect(messages(definitionOf(), { old: row('1', 'x') })[0]?.value).toEqual({ id: '1' })
  expect(messages(definitionOf({ replica: 'full' }), { old: row('1', 'x') })[0]?.value).toEqual(row('1', 'x'))
})

test('a changed key is a delete and an insert that know of each other', () => {
  expect(messages(definitionOf(), { old: row('1', 'x'), row: row('2', 'x') })).toEqual([
    { key: key('1'), operation: 'delete', value: { id: '1' }, keyChange: { key_change_to: key('2') } },
    { key: key('2'), operation: 'insert', value: row('2', 'x'), keyChange: { key_change_from: key('1') } },
  ])
})

test('a row that enters is an insert, one that leaves is a delete, one outside is nothing', () => {
  const definition = definitionOf({ where: whereA((a) => a === 'in') })
  expect(messages(definition, { old: row('1', 'out'), row: row('1', 'in') })).toEqual([
    { key: key('1'), operation: 'insert', value: row('1', 'in') },
  ])
  expect(messages(definition, { old: row('1', 'in'), row: row('1', null) })).toEqual([
    { key: key('1'), operation: 'delete', value: { id: '1' } },
  ])
  expect(messages(definition, { old: row('1', 'out'), row: row('1', 'away') })).toEqual([])
})

test('a row that changes its key while it leaves or enters is only the delete or the insert', () => {
  const definition = definitionOf({ where: whereA((a) => a === 'in') })
  expect(messages(definition, { old: row('1', 'in'), row: row('2', 'out') })).toEqual([
    { key: key('1'), operation: 'delete', value: { id: '1' } },
  ])
  expect(messages(definition, { old: row('1', 'out'), row: row('2', 'in') })).toEqual([
    { key: key('2'), operation: 'insert', value: row('2', 'in') },
  ])
})

test('keys double slashes, leave quotes, and write NULL as _', () => {
  expect(messages(definitionOf(), { row: row('a/b"c', null) })[0]?.key).toBe('"public"."items"/"a//b"c"')
  const withoutKey = definitionOf({ keyColumns: ['id', 'a'] })
  expect(messages(withoutKey, { row: row('1', null) })[0]?.key).toBe('"public"."items"/"1"/_')
})
