import { PGlite } from '@electric-sql/pglite'
import { expect, it } from 'vitest'
import { keepWalSmall } from './keep-wal-small.ts'
import { START_PARAMS } from './start-params.ts'

it('shrinks the WAL that a large write left behind', async () => {
  const pg = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'], startParams: START_PARAMS })
  const segments = async () =>
    (await pg.query<{ count: number }>('SELECT count(*)::int FROM pg_ls_waldir()')).rows[0]?.count
  await pg.exec(`CREATE TABLE big AS SELECT repeat('x', 500) FROM generate_series(1, 40000)`)
  expect(await segments()).toBeGreaterThan(15)
  await keepWalSmall(pg)
  expect(await segments()).toBeLessThanOrEqual(8)
  await pg.close()
})
