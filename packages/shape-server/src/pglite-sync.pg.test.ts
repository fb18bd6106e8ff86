import { PGlite } from '@electric-sql/pglite'
import { electricSync } from '@electric-sql/pglite-sync'
import { expect, test } from 'vitest'
import { cleanUp, eventually, startHarness } from './testing/harness.ts'

test('pglite-sync fills a PGlite and keeps it live, two tables in one transaction', async () => {
  const { server, sql } = await startHarness(`
    CREATE TABLE projects (id int PRIMARY KEY, name text);
    CREATE TABLE tasks (id int PRIMARY KEY, project_id int, title text);
    INSERT INTO projects VALUES (1, 'boat');
    INSERT INTO tasks VALUES (1, 1, 'sails'), (2, 1, 'keel')`)
  const local = await PGlite.create({ extensions: { electric: electricSync() } })
  cleanUp(() => local.close())
  await local.exec(`
    CREATE TABLE projects (id int PRIMARY KEY, name text);
    CREATE TABLE tasks (id int PRIMARY KEY, project_id int, title text)`)
  const shape = (table: string) => ({
    shape: { url: `${server.url}/v1/shape`, params: { table } },
    table,
    primaryKey: ['id'],
  })
  const sync = await local.electric.syncShapesToTables({
    shapes: { projects: shape('projects'), tasks: shape('tasks') },
    key: null,
  })
  cleanUp(async () => sync.unsubscribe())
  const rows = async (text: string) => (await local.query(text)).rows

  await eventually(async () => expect(await rows('SELECT title FROM tasks ORDER BY id')).toHaveLength(2))
  await sql(`BEGIN; INSERT INTO projects VALUES (2, 'house'); INSERT INTO tasks VALUES (3, 2, 'roof'); COMMIT`)
  await eventually(async () =>
    expect(
      await rows('SELECT t.title, p.name FROM tasks t JOIN projects p ON p.id = t.project_id WHERE t.id = 3'),
    ).toEqual([{ title: 'roof', name: 'house' }]),
  )
  await sql(`UPDATE tasks SET title = 'mast' WHERE id = 1`)
  await sql('DELETE FROM tasks WHERE id = 2')
  // Only the position of other tables' writes tells the idle shape that the group may be committed.
  await eventually(async () =>
    expect(await rows('SELECT id, title FROM tasks ORDER BY id')).toEqual([
      { id: 1, title: 'mast' },
      { id: 3, title: 'roof' },
    ]),
  )
})
