import { createTestDatabase } from '@landfall/embedded-postgres'
import { expect, inject, test } from 'vitest'
import { loadTable, type Table } from '../catalog/table.ts'
import { openDatabase } from '../database.ts'
import { cleanUp } from '../testing/clean-up.ts'
import { ensurePublication, HiddenPartitionError, publishTable } from './publication.ts'

test('a partition cannot be published any more from when the whole table is told to hide it', async () => {
  const { url, drop } = await createTestDatabase(inject('postgresUrl'))
  cleanUp(drop)
  const database = openDatabase(url, () => {})
  cleanUp(() => database.end())
  await database.query(`
    CREATE TABLE public.parts (id int PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE public.low PARTITION OF public.parts FOR VALUES FROM (0) TO (10)`)
  await ensurePublication(database, 'shapes')
  const table = async (name: string): Promise<Table> => {
    const found = await loadTable(database, { schema: 'public', table: name })
    if (!found) throw new Error(`no table ${name}`)
    return found
  }
  await publishTable(database, 'shapes', await table('low'), () => {})
  // Published and with whole old rows: there is nothing left to do.
  const low = await table('low')
  const late: Promise<unknown>[] = []
  await publishTable(database, 'shapes', await table('parts'), (hidden) => {
    expect(hidden).toEqual([low.oid])
    late.push(publishTable(database, 'shapes', low, () => {}).catch((error: unknown) => error))
  })
  expect(await Promise.all(late)).toEqual([expect.any(HiddenPartitionError)])
})
