import { PGlite } from '@electric-sql/pglite'
import { expect, test } from 'vitest'
import { databaseNames, generationNames, generationOf, OwnerNameError, PGLITE_ROOT } from './database-names.ts'

test('the database is looked for where PGlite puts it', () => {
  expect(PGLITE_ROOT).toBe(PGlite.paths.PG_ROOT)
  expect(generationNames(databaseNames('acme'), 3).indexedDbName).toBe('/pglite/landfall-acme~3')
})

test('an owner’s name cannot break out of the names', () => {
  for (const owner of ['../other', '', 'acme~1', 'a b', 'a/b', 'a'.repeat(129)])
    expect(() => databaseNames(owner)).toThrow(OwnerNameError)
})

test('an owner recognises its own generations and no other owner’s', () => {
  const names = databaseNames('acme')
  expect(generationOf(names, generationNames(names, 12).indexedDbName)).toBe(12)
  expect(generationOf(names, generationNames(databaseNames('acme.ada'), 12).indexedDbName)).toBeNull()
  expect(generationOf(names, generationNames(databaseNames('acm'), 12).indexedDbName)).toBeNull()
  for (const name of ['/pglite/landfall-acme', '/pglite/landfall-acme~', '/pglite/landfall-acme~x', 'landfall-acme~1'])
    expect(generationOf(names, name)).toBeNull()
})
