import { PGlite } from '@electric-sql/pglite'
import { expect, test } from 'vitest'
import { databaseNames, PGLITE_ROOT, TenantIdError } from './database-names.ts'

test('the database is looked for where PGlite puts it', () => {
  expect(PGLITE_ROOT).toBe(PGlite.paths.PG_ROOT)
  expect(databaseNames('acme').indexedDbName).toBe('/pglite/landfall-acme')
})

test('a tenant id cannot break out of the names', () => {
  expect(() => databaseNames('../other')).toThrow(TenantIdError)
})
