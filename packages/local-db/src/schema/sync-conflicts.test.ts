import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createMemoryDatabase, emptyMemoryDatabase } from '../testing/memory-database.ts'
import { orderedUuid } from '../testing/queue-entry.ts'
import { putOperation } from '../testing/sync-operation.ts'

let pg: PGlite
beforeAll(async () => {
  pg = await createMemoryDatabase()
})
beforeEach(async () => {
  await emptyMemoryDatabase(pg)
})
afterAll(() => pg.close())

const LEAD = orderedUuid(500)
const edit = {
  op_id: orderedUuid(1),
  entity: 'lead',
  entity_id: LEAD,
  action: 'update',
  state: 'delivered',
  version: 2,
}
const conflicts = async () =>
  (await pg.query('SELECT field, kept, lost, is_mine_kept FROM sync_conflicts ORDER BY field')).rows

it('tells both values of each field that met somebody else’s, and whose stands', async () => {
  await putOperation(pg, {
    ...edit,
    changes: { status: 'won', values: { name: 'Mine', 'a.b': 'x', phone: '' } },
    conflict: {
      status: { kept: 'won', lost: 'lost' },
      'values.name': { kept: 'Theirs', lost: 'Mine' },
      'values.a.b': { kept: 'x', lost: null },
      'values.phone': { kept: null, lost: '1' },
    },
  })
  expect(await conflicts()).toEqual([
    { field: 'status', kept: 'won', lost: 'lost', is_mine_kept: true },
    { field: 'values.a.b', kept: 'x', lost: null, is_mine_kept: true },
    { field: 'values.name', kept: 'Theirs', lost: 'Mine', is_mine_kept: false },
    { field: 'values.phone', kept: null, lost: '1', is_mine_kept: true },
  ])
})

it('tells of a deletion that gave way', async () => {
  const conflict = { body: { kept: 'theirs', lost: null } }
  await putOperation(pg, { ...edit, entity: 'note', action: 'delete', conflict })
  expect(await conflicts()).toEqual([{ field: 'body', kept: 'theirs', lost: null, is_mine_kept: false }])
})

it('tells nothing of operations without one', async () => {
  await putOperation(pg, { ...edit, changes: { status: 'won' } })
  await putOperation(pg, { ...edit, op_id: orderedUuid(2), state: 'queued', changes: { status: 'lost' } })
  expect(await conflicts()).toEqual([])
})
