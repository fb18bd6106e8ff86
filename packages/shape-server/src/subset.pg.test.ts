import { expect, test } from 'vitest'
import { startHarness } from './testing/harness.ts'
import { ask, type Message } from './testing/shape-reader.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text, secret text);
  INSERT INTO items SELECT id, 'title ' || id, 'secret ' || id FROM generate_series(1, 9) id`
const SHAPE = { table: 'items', offset: '-1', log: 'changes_only', where: 'id > 3', columns: 'id,title' }

interface Subset {
  metadata: { snapshot_mark: number; xmin: string; xmax: string; xip_list: string[]; database_lsn: string }
  data: Message[]
}
const ids = (json: unknown) => (json as Subset).data.map(({ value }) => value?.id)

test('a subset is a page of the shape, with what a client needs to join it to the log', async () => {
  const { server } = await startHarness(ITEMS)
  const { status, json, headers } = await ask(server, {
    ...SHAPE,
    subset__where: 'id < $1',
    subset__params: '{"1":"8"}',
    subset__order_by: 'id DESC',
    subset__limit: '2',
    subset__offset: '1',
  })
  expect([status, ids(json), headers.get('electric-snapshot')]).toEqual([200, ['6', '5'], 'true'])
  const { metadata, data } = json as Subset
  expect(data[0]?.headers.snapshot_mark).toBe(metadata.snapshot_mark)
  expect(metadata).toMatchObject({ xmin: expect.stringMatching(/^\d+$/), database_lsn: expect.stringMatching(/^\d+$/) })
})

test('a POST body says the same as the query and wins over it', async () => {
  const { server } = await startHarness(ITEMS)
  const post = (body: string) => ask(server, { ...SHAPE, subset__where: 'id = 9' }, { method: 'POST', body })
  expect(ids((await post('{"where":"id = $1","params":{"1":"5"}}')).json)).toEqual(['5'])
  expect(ids((await post('{"subset":{"where":"id = 6"}}')).json)).toEqual(['6'])
  expect(ids((await post('')).json)).toEqual(['9'])
  expect((await post('no json')).status).toBe(400)
})

test.each([
  ['widens the shape', { subset__where: 'true) OR (true' }, 'where'],
  ['filters on a column that is not chosen', { subset__where: "secret = 'secret 4'" }, 'where'],
  ['orders by a column that is not chosen', { subset__order_by: 'secret' }, 'order_by'],
  ['smuggles a statement', { subset__order_by: 'id; DROP TABLE items' }, 'order_by'],
  ['orders by an expression', { subset__order_by: 'pg_sleep(9)' }, 'order_by'],
  ['cannot be computed for a row', { subset__where: '1 / (id - 4) > 0' }, 'where'],
  ['pages without an order', { subset__limit: '1' }, 'order_by'],
  ['asks for no rows', { subset__limit: '0', subset__order_by: 'id' }, 'limit'],
])('refuses a subset that %s', async (_, query: Record<string, string>, field) => {
  const { server } = await startHarness(ITEMS)
  const { status, json } = await ask(server, { ...SHAPE, ...query })
  expect([status, json]).toEqual([
    400,
    { message: 'Invalid request', errors: { subset: { [field]: [expect.any(String)] } } },
  ])
})

test('a subset never shows rows outside of the shape', async () => {
  const { server } = await startHarness(ITEMS)
  const { json } = await ask(server, { ...SHAPE, subset__where: 'id = 1 OR id = 4' })
  expect(ids(json)).toEqual(['4'])
})

test('a subset of a shape whose column is gone sends its client to the successor', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const { columns: _, ...shape } = SHAPE
  const first = await ask(server, shape)
  const query = { ...shape, offset: '0_inf', handle: first.headers.get('electric-handle') ?? '' }
  await sql('ALTER TABLE items DROP COLUMN secret')
  const reply = await ask(server, { ...query, subset__where: 'id = 4' })
  expect([reply.status, reply.headers.get('electric-handle') === query.handle]).toEqual([409, false])
  const again = await ask(server, { ...shape, subset__where: 'id = 4' })
  expect([again.status, ids(again.json)]).toEqual([200, ['4']])
})
