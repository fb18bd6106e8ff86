import type { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { damageIn, type EngineEnd, watchEngine } from './watch-engine.ts'

let pg: PGlite
let ends: EngineEnd[]
/** What the engine's main loop throws next. */
let fault: unknown

beforeEach(async () => {
  pg = await createMemoryDatabase()
  ends = []
  fault = undefined
  const module = pg.Module as unknown as { _PostgresMainLoopOnce(): void }
  const mainLoopOnce = module._PostgresMainLoopOnce
  module._PostgresMainLoopOnce = () => {
    if (fault) throw fault
    mainLoopOnce()
  }
  watchEngine(pg, (end) => ends.push(end))
})
afterEach(() => (ends.length > 0 ? undefined : pg.close()))

test('an ordinary error ends its statement only', async () => {
  await expect(pg.query('SELECT 1/0')).rejects.toThrow('division by zero')
  await expect(pg.exec('SELECT 1; SELECT nothing')).rejects.toThrow('nothing')
  expect((await pg.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  expect(ends).toEqual([])
})

test.each([
  ['a trap', new WebAssembly.RuntimeError('unreachable')],
  ['an exit', Object.assign(new Error('Program terminated with exit(1)'), { name: 'ExitStatus', status: 1 })],
])(
  'an engine that ends by %s rejects what it was asked and all that comes after, and never spins',
  async (_by, error) => {
    fault = error
    await expect(pg.query('SELECT 1')).rejects.toThrow(/The database engine ended/)
    await expect(pg.query('SELECT 1')).rejects.toThrow(/The database engine ended/)
    expect(ends).toEqual([{ kind: 'crashed', detail: error.message }])
  },
)

test('an error that says that files are broken is damage, and one about a file that a statement names is not', () => {
  const error = (message: string, code: string) => Object.assign(new Error(message), { code })
  expect(damageIn(error('invalid page in block 0 of relation "base/5/1"', 'XX001'))).toContain('XX001')
  expect(damageIn(error('could not open file "base/5/16390": No such file or directory', '58P01'))).toContain('58P01')
  expect(damageIn(error('could not open file "/home/list.csv" for reading', '58P01'))).toBeNull()
  expect(damageIn(error('duplicate key value', '23505'))).toBeNull()
})
