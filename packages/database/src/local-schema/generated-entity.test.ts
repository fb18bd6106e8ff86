import { PGlite } from '@electric-sql/pglite'
import { SHAPE_COLUMNS } from '@landfall/contract'
import { boolean, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { LocalSchemaError } from './errors.ts'
import { generateLocalSchema } from './generate-local-schema.ts'
import { SYNCED_ENTITIES } from './synced-entities.ts'
import type { SyncedEntity } from './synced-entity.ts'

// What no entity of ours has yet: columns that may be empty, of each type, and named by words of SQL.
const tasks = pgTable(
  'tasks',
  {
    tenantId: uuid().notNull(),
    id: uuid().notNull(),
    title: text().notNull(),
    order: integer(),
    isDone: boolean(),
    dueAt: timestamp({ withTimezone: true }),
    assignee: uuid('user'),
    labels: jsonb(),
    extra: jsonb().notNull(),
    version: integer().notNull(),
    writeId: uuid(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
)
const TASK: SyncedEntity = {
  model: tasks,
  shape: 'tasks',
  view: 'tasks',
  rowType: 'Task',
  excluded: ['tenant_id'],
  jsonTypes: { labels: 'string[]', extra: 'Record<string, string>' },
  shownWhenAbsent: { labels: `'[]'` },
  writes: {
    entity: 'task',
    insertable: ['title', 'order', 'due_at'],
    mutable: ['title', 'order', 'is_done', 'due_at', 'user', 'labels', 'extra'],
    isDeletable: true,
    mergedByKey: ['extra'],
    frozenWhen: 'synced.is_done',
    shownWhenNew: { version: '0' },
    defaultMode: 'confirmed',
  },
}
const COLUMNS = ['id', 'title', 'order', 'is_done', 'due_at', 'user', 'labels', 'extra', 'version', 'write_id']
const ID = '019a0000-0000-7000-8000-000000000001'
const USER = '019a0000-0000-7000-8000-000000000002'

const generate = () => generateLocalSchema([...SYNCED_ENTITIES, TASK], { ...SHAPE_COLUMNS, tasks: COLUMNS })

let pg: PGlite
beforeAll(async () => {
  pg = await PGlite.create()
  await pg.exec((await generate())['schema.sql'] ?? '')
}, 120_000)
afterAll(() => pg?.close())
beforeEach(() => pg.exec('TRUNCATE tasks_synced, tasks_local, sync_operations'))

const sync = (columns: object) =>
  pg.query(`INSERT INTO tasks_synced SELECT * FROM jsonb_populate_record(NULL::tasks_synced, $1)`, [
    { id: ID, version: 1, title: 'a', order: 1, user: USER, extra: {}, ...columns },
  ])
const shown = async () => (await pg.query<Record<string, unknown>>('SELECT * FROM tasks')).rows
const changes = async () =>
  (await pg.query<{ changes: unknown }>('SELECT changes FROM sync_operations ORDER BY place')).rows.map(
    (row) => row.changes,
  )

test('a value that is taken away is sent as null, and stays away', async () => {
  await sync({ due_at: '2026-01-01T00:00Z' })
  await pg.exec(`UPDATE tasks SET "order" = NULL, due_at = NULL, "user" = NULL`)
  expect(await changes()).toEqual([{ order: null, dueAt: null, assignee: null }])
  expect(await shown()).toMatchObject([{ order: null, due_at: null, user: null, _has_local_changes: true }])
  await pg.exec(`UPDATE tasks_synced SET "order" = 7, due_at = now(), version = 2`)
  expect(await shown()).toMatchObject([{ order: null, due_at: null }])
})

test('values of every type come back as they were written', async () => {
  await sync({})
  const dueAt = new Date('2026-03-04T05:06:07.890Z')
  await pg.query(`UPDATE tasks SET "order" = 5, due_at = $1, "user" = $2, labels = '["x"]', extra = '{"k": "v"}'`, [
    dueAt,
    ID,
  ])
  expect(await shown()).toMatchObject([{ order: 5, due_at: dueAt, user: ID, labels: ['x'], extra: { k: 'v' } }])
  expect(await changes()).toMatchObject([{ order: 5, assignee: ID, labels: ['x'], extra: { k: 'v' } }])
})

test('JSON that is not merged by key is sent and shown whole', async () => {
  await sync({ labels: ['a', 'b'] })
  await pg.exec(`UPDATE tasks SET labels = '["b"]'`)
  expect(await changes()).toEqual([{ labels: ['b'] }])
})

test('what is not given is not sent, and the rest of a new row is empty', async () => {
  await pg.query(`INSERT INTO tasks (id, title) VALUES ($1, 'new')`, [ID])
  expect(await changes()).toEqual([{ title: 'new' }])
  expect(await shown()).toMatchObject([{ title: 'new', order: null, is_done: null, labels: null, version: 0 }])
})

test('a new row takes edits of columns that an INSERT does not give', async () => {
  await pg.query(`INSERT INTO tasks (id, title) VALUES ($1, 'new')`, [ID])
  await pg.exec(`UPDATE tasks SET is_done = true, title = 'newer'`)
  expect(await changes()).toEqual([{ title: 'new' }, { title: 'newer', isDone: true }])
  expect(await shown()).toMatchObject([{ title: 'newer', is_done: true }])
})

test('a row that has come to rest is shown as the server has it, and takes no changes', async () => {
  await sync({})
  await pg.exec(`UPDATE tasks SET title = 'b'`)
  await pg.exec(`UPDATE tasks_synced SET is_done = true`)
  expect(await shown()).toMatchObject([{ title: 'a', _has_local_changes: false }])
  await expect(pg.query(`UPDATE tasks SET title = 'c'`)).rejects.toMatchObject({ code: 'LF003' })
  await expect(pg.query('DELETE FROM tasks')).rejects.toMatchObject({ code: 'LF003' })
})

test('its tables and metadata are typed', async () => {
  const files = await generate()
  expect(files['tables.ts']).toContain(`assignee: uuid('user'),`)
  expect(files['tables.ts']).toContain(`isDone: boolean('is_done'),`)
  expect(files['tables.ts']).toContain(`export type NewTask = typeof tasks.$inferInsert`)
  expect(files['entities.ts']).toContain(`defaultMode: 'confirmed'`)
})

test('a shape that nobody decided on stops the generation, and so does an entity without one', async () => {
  const forgotten = generateLocalSchema(SYNCED_ENTITIES, { ...SHAPE_COLUMNS, tasks: COLUMNS })
  await expect(forgotten).rejects.toThrow(new LocalSchemaError('SYNCED_ENTITIES says nothing of the shape tasks.'))
  await expect(generateLocalSchema([...SYNCED_ENTITIES, TASK])).rejects.toThrow('SHAPE_COLUMNS has no shape tasks.')
})
