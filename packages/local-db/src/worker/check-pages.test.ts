import type { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { checkPages } from './check-pages.ts'

const DIRECTORY = { generation: 1, dataDir: '', indexedDbName: '/pglite/data' }
let pg: PGlite

beforeEach(async () => {
  pg = await createMemoryDatabase()
  await pg.exec('CREATE TABLE sample AS SELECT g, repeat(md5(g::text), 30) AS text FROM generate_series(1, 1000) AS g')
  await pg.exec('CHECKPOINT')
})
afterEach(() => pg.close())

const fileOf = async (relation: string) => {
  const { rows } = await pg.query<{ path: string }>('SELECT pg_relation_filepath($1) AS path', [relation])
  return `${DIRECTORY.indexedDbName}/${rows[0]?.path}`
}

test('finds nothing in a database that is whole, also while it is written', async () => {
  const checking = checkPages(pg, DIRECTORY)
  await pg.exec(`UPDATE sample SET text = text || 'x'; CHECKPOINT`)
  expect(await checking).toBeNull()
  expect(await checkPages(pg, DIRECTORY)).toBeNull()
})

test('finds one changed bit in the last page of a table', async () => {
  const file = await fileOf('sample')
  const content: Uint8Array = pg.Module.FS.readFile(file)
  const at = content.length - 100
  content[at] = (content[at] ?? 0) ^ 1
  pg.Module.FS.writeFile(file, content)
  expect(await checkPages(pg, DIRECTORY)).toMatch(/^page \d+ of base.* has a wrong checksum$/)
})

test('finds a page that stands in the place of another', async () => {
  const file = await fileOf('sample')
  const content: Uint8Array = pg.Module.FS.readFile(file)
  content.copyWithin(0, 8192, 16384)
  pg.Module.FS.writeFile(file, content)
  expect(await checkPages(pg, DIRECTORY)).toContain('page 0 ')
})

test('finds a table whose file is gone', async () => {
  pg.Module.FS.unlink(await fileOf('sample'))
  expect(await checkPages(pg, DIRECTORY)).toBe('the file of sample is gone')
})
