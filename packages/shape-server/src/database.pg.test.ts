import { createTestDatabase } from '@landfall/embedded-postgres'
import { expect, inject, test } from 'vitest'
import { openDatabase } from './database.ts'
import { cleanUp } from './testing/harness.ts'

async function open() {
  const created = await createTestDatabase(inject('postgresUrl'))
  cleanUp(() => created.drop())
  const database = openDatabase(created.url, () => {})
  cleanUp(() => database.end())
  return database
}

test('a role under row-level security gets an error, not a part of the rows', async () => {
  const database = await open()
  const client = await database.connect()
  await client.query(`
    CREATE ROLE shape_reader_test; CREATE TABLE public.items (id int); ALTER TABLE public.items ENABLE ROW LEVEL SECURITY;
    GRANT SELECT ON public.items TO shape_reader_test; SET ROLE shape_reader_test`)
  await expect(client.query('SELECT * FROM public.items')).rejects.toThrow('row-level security')
  await client.query('RESET ROLE; DROP TABLE public.items; DROP ROLE shape_reader_test')
  client.release()
})

test('values come as text, printed the same way whatever the server is set to', async () => {
  const database = await open()
  const { rows } = await database.query(
    `SELECT '2024-01-01 12:00+05'::timestamptz AS at, '1 day'::interval AS span, '\\xff'::bytea AS bytes, 0.1::float4 AS r, 7 AS n`,
  )
  expect(rows).toEqual([{ at: '2024-01-01 07:00:00+00', span: 'P1D', bytes: '\\xff', r: '0.1', n: '7' }])
})
