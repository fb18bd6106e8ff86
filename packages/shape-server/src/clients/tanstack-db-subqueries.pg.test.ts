import { createCollection } from '@tanstack/db'
import { electricCollectionOptions } from '@tanstack/electric-db-collection'
import { expect, test } from 'vitest'
import { cleanUp, eventually, startHarness } from '../testing/harness.ts'

const SETUP = `
  CREATE TABLE projects (id int PRIMARY KEY, active boolean);
  CREATE TABLE people (name text PRIMARY KEY);
  CREATE TABLE tasks (id int PRIMARY KEY, project int, owner text, t text);
  INSERT INTO projects SELECT n, n % 2 = 0 FROM generate_series(1, 6) n;
  INSERT INTO people VALUES ('p1'), ('p2');
  INSERT INTO tasks SELECT n, n % 8, 'p' || n % 5, 'task ' || n FROM generate_series(1, 40) n`

type Task = { id: number; project: number | null; owner: string | null; t: string | null }

const CHANGES = [
  'UPDATE projects SET active = NOT active',
  "INSERT INTO people VALUES ('p3')",
  'UPDATE tasks SET project = project + 1 WHERE id % 3 = 0',
  "DELETE FROM people WHERE name = 'p1'",
  "BEGIN; UPDATE projects SET active = true WHERE id = 3; UPDATE tasks SET t = t || '!', owner = 'p4' WHERE project = 3; COMMIT",
  'DELETE FROM projects WHERE id IN (2, 4)',
  "UPDATE people SET name = 'p4' WHERE name = 'p2'",
  'DELETE FROM tasks WHERE id % 4 = 0',
  'INSERT INTO projects VALUES (2, true); DELETE FROM projects WHERE id = 3',
]

test.each([
  'project IN (SELECT id FROM projects WHERE active)',
  'project IN (SELECT id FROM projects WHERE active) OR owner IN (SELECT name FROM people)',
  'project NOT IN (SELECT id FROM projects WHERE active) AND (id < 30 OR owner IN (SELECT name FROM people))',
])('a collection follows %s', { timeout: 60_000 }, async (where) => {
  const { server, sql } = await startHarness(SETUP)
  const aborter = new AbortController()
  const tasks = createCollection(
    electricCollectionOptions<Task>({
      getKey: ({ id }) => id,
      shapeOptions: {
        url: `${server.url}/v1/shape`,
        params: { table: 'tasks', where, replica: 'full' },
        signal: aborter.signal,
      },
    }),
  )
  cleanUp(async () => {
    await tasks.cleanup()
    aborter.abort()
  })
  await tasks.preload()
  for (const change of ['SELECT', ...CHANGES]) {
    await sql(change)
    const expected = await sql(`SELECT id, project, owner, t FROM tasks WHERE ${where} ORDER BY id`)
    await eventually(() => {
      const found = [...tasks.values()].sort((a, b) => a.id - b.id)
      expect(
        found.map(({ id, project, owner, t }) => [String(id), project === null ? null : String(project), owner, t]),
        change,
      ).toEqual(expected.map(({ id, project, owner, t }) => [id, project, owner, t]))
    })
  }
})
