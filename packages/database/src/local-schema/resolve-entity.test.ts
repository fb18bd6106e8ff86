import { integer, jsonb, numeric, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import { resolveEntity } from './resolve-entity.ts'
import type { EntityWrites, SyncedEntity } from './synced-entity.ts'

const mood = pgEnum('mood', ['calm', 'busy'])
const tasks = pgTable(
  'tasks',
  {
    tenantId: uuid().notNull(),
    id: uuid().notNull(),
    dueNote: text(),
    mood: mood().notNull(),
    details: jsonb().notNull(),
    price: numeric(),
    version: integer().notNull(),
    writeId: uuid(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
)

const COLUMNS = ['id', 'due_note', 'mood', 'details', 'version', 'write_id']
const WRITES: EntityWrites = {
  entity: 'task',
  insertable: ['mood'],
  mutable: ['due_note', 'details'],
  isDeletable: true,
  mergedByKey: ['details'],
  defaultMode: 'optimistic',
}
const ENTITY: SyncedEntity = {
  model: tasks,
  shape: 'tasks',
  view: 'tasks',
  rowType: 'Task',
  excluded: ['tenant_id', 'price'],
  jsonTypes: { details: 'Record<string, string>' },
  writes: WRITES,
}
const resolve = (changes: Partial<SyncedEntity> = {}, columns = COLUMNS) =>
  resolveEntity({ ...ENTITY, ...changes }, columns)

test('takes from the model what metadata does not say again', () => {
  expect(resolve()).toMatchObject({
    syncedTable: 'tasks_synced',
    localTable: 'tasks_local',
    // The tenant's part of the key isn't sent.
    primaryKey: ['id'],
    columns: [
      { name: 'id', property: 'id', type: 'uuid', isKey: true },
      { name: 'due_note', property: 'dueNote', type: 'text', isNotNull: false },
      // Without its list of words: those of a newer server are stored too.
      { name: 'mood', type: 'text', words: ['calm', 'busy'], isNotNull: true },
      { name: 'details', type: 'jsonb', jsonType: 'Record<string, string>' },
      { name: 'version' },
      { name: 'write_id', property: 'writeId' },
    ],
  })
})

describe('generation stops, and says why, where', () => {
  test('a column of the model is neither sent nor excluded', () => {
    expect(() => resolve({ excluded: ['tenant_id'] })).toThrow(
      'tasks (table tasks): the model has a column "price" that is neither in SHAPE_COLUMNS.tasks nor in `excluded`. Decide.',
    )
  })

  test('a column is both', () => {
    expect(() => resolve({ excluded: ['tenant_id', 'price', 'mood'] })).toThrow(/"mood" is in SHAPE_COLUMNS/)
  })

  test.each([
    ['sent', {}, [...COLUMNS, 'colour']],
    ['excluded', { excluded: ['tenant_id', 'price', 'colour'] }, COLUMNS],
  ])('a column is %s that the model does not have', (_, changes, columns) => {
    expect(() => resolve(changes, columns)).toThrow(/the model has no column "colour"/)
  })

  test('a type is not known', () => {
    expect(() => resolve({ excluded: ['tenant_id'] }, [...COLUMNS, 'price'])).toThrow(/"price" is of type numeric/)
  })

  test('a JSON column has no type', () => {
    expect(() => resolve({ jsonTypes: {} })).toThrow(/"details" is JSON/)
  })

  test('an index is of a column that no device gets', () => {
    expect(() => resolve({ indexes: [['price']] })).toThrow(/`indexes` names "price"/)
  })

  test('no part of the key is sent', () => {
    const columns = COLUMNS.filter((name) => name !== 'id')
    expect(() => resolve({ excluded: ['tenant_id', 'price', 'id'] }, columns)).toThrow(/no column of the primary key/)
  })

  test.each<[string, Partial<EntityWrites>, RegExp]>([
    ['a column is insertable that no device gets', { insertable: ['price'] }, /`insertable` names "price"/],
    ['a column is mutable that no device gets', { mutable: ['tenant_id'] }, /`mutable` names "tenant_id"/],
    ['the version is written', { mutable: ['version'] }, /"version" is not written/],
    ['text is merged by key', { mergedByKey: ['due_note'] }, /"due_note" is merged by key and no mutable JSON/],
    ['what is merged is inserted', { insertable: ['details'] }, /"details" is merged by key, which needs a row/],
  ])('%s', (_, writes, message) => {
    expect(() => resolve({ writes: { ...WRITES, ...writes } })).toThrow(message)
  })

  test('something is written and has no view', () => {
    expect(() => resolve({ view: null })).toThrow(/no view to write/)
  })

  test('nothing tells when a write arrived', () => {
    const columns = COLUMNS.filter((name) => name !== 'write_id')
    expect(() => resolve({ excluded: ['tenant_id', 'price', 'write_id'] }, columns)).toThrow(/`write_id` \(uuid\)/)
  })
})
