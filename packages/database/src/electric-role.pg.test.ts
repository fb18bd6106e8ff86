import { randomUUID } from 'node:crypto'
import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { ELECTRIC_PUBLICATION, ELECTRIC_ROLE, prepareElectricRole } from './electric-role.ts'
import { migrate } from './migrate.ts'

const PASSWORD = `it's "quoted" \\ ${randomUUID()}`
let database: TestDatabase
let owner: pg.Client

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
  owner = await connectTo(database.url)
})

beforeEach(async () => {
  await migrate(database.url)
  await prepareElectricRole(database.url, PASSWORD)
})

afterAll(async () => {
  await owner?.end()
  await database?.drop()
})

async function connectTo(url: string, options: object = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, ...options })
  await client.connect()
  return client
}

async function asElectric<T>(work: (client: pg.Client) => Promise<T>, options: object = {}): Promise<T> {
  const url = new URL(database.url)
  url.username = ELECTRIC_ROLE
  url.password = encodeURIComponent(PASSWORD)
  const client = await connectTo(url.href, options)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const published = async () => {
  const { rows } = await owner.query(`SELECT tablename FROM pg_publication_tables WHERE pubname = $1 ORDER BY 1`, [
    ELECTRIC_PUBLICATION,
  ])
  return rows.map(({ tablename }) => tablename)
}

test('Electric reads the rows of all tenants in the tables of the shapes, and may write none', async () => {
  await owner.query('INSERT INTO sync_probe (id, token) VALUES (1, $1) ON CONFLICT DO NOTHING', [randomUUID()])
  const tenantId = randomUUID()
  await owner.query('INSERT INTO tenants (id, slug, name) VALUES ($1, $2, $2)', [tenantId, `t-${tenantId}`])
  await owner.query(`INSERT INTO forms (id, tenant_id, title, current_version) VALUES ($1, $2, 'Ask us', 1)`, [
    `f_${tenantId.slice(0, 8)}`,
    tenantId,
  ])
  await owner.query(
    `INSERT INTO leads (tenant_id, id, form_id, form_version, client_id, "values", captured_at)
       VALUES ($1, $2, $3, 1, $2, '{}', now())`,
    [tenantId, randomUUID(), `f_${tenantId.slice(0, 8)}`],
  )
  await asElectric(async (electric) => {
    expect((await electric.query('SELECT FROM sync_probe')).rowCount).toBe(1)
    expect((await electric.query('SELECT FROM leads')).rowCount).toBe(1)
    await expect(electric.query('DELETE FROM leads')).rejects.toThrow(/permission denied/)
  })
})

test.each(['users', 'accounts', 'sessions', 'devices', 'sync_operations'])(
  'Electric may not read %s, and its publication does not carry it',
  async (table) => {
    await asElectric((electric) => expect(electric.query(`SELECT FROM ${table}`)).rejects.toThrow(/permission denied/))
    expect(await published()).not.toContain(table)
  },
)

test('Electric can make a slot, and every table of its publication has its whole old rows in the log', async () => {
  const slot = await asElectric(
    (electric) => electric.query('CREATE_REPLICATION_SLOT electric_try TEMPORARY LOGICAL pgoutput'),
    { replication: 'database' },
  )
  expect(slot.rows).toMatchObject([{ slot_name: 'electric_try', output_plugin: 'pgoutput' }])
  const { rows } = await owner.query(
    'SELECT relname FROM pg_class WHERE relname = ANY($1) AND relreplident <> $2 ORDER BY 1',
    [await published(), 'f'],
  )
  expect(rows).toEqual([])
  expect(await published()).toEqual(expect.arrayContaining(['leads', 'lead_receipts', 'sync_probe']))
})

test('a later version adds the tables of its shapes, and takes back those of none', async () => {
  await owner.query('CREATE TABLE later_shape (id int PRIMARY KEY); ALTER TABLE later_shape REPLICA IDENTITY FULL')
  await prepareElectricRole(database.url, PASSWORD)
  expect(await published()).toContain('later_shape')
  await owner.query('ALTER TABLE later_shape REPLICA IDENTITY DEFAULT')
  await prepareElectricRole(database.url, PASSWORD)
  expect(await published()).not.toContain('later_shape')
  await asElectric((electric) => expect(electric.query('SELECT FROM later_shape')).rejects.toThrow(/permission denied/))
  await owner.query('DROP TABLE later_shape')
})

test('a database without our tables is refused, and no role is left half made', async () => {
  const empty = await createTestDatabase(inject('postgresUrl'))
  try {
    await expect(prepareElectricRole(empty.url, 'other')).rejects.toThrow('migrate the database first')
    await asElectric((electric) => electric.query('SELECT 1'))
  } finally {
    await empty.drop()
  }
})

test('an owner who is no superuser takes the role as it was made, and publishes the tables for it', async () => {
  const other = await createTestDatabase(inject('postgresUrl'))
  const name = `owner_${other.name}`
  await owner.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD 'owner'`)
  await owner.query(`ALTER DATABASE ${other.name} OWNER TO ${name}`)
  await owner.query(`GRANT landfall_app, landfall_auth, ${ELECTRIC_ROLE} TO ${name} WITH ADMIN OPTION`)
  const url = new URL(other.url)
  url.username = name
  url.password = 'owner'
  try {
    await migrate(url.href)
    await prepareElectricRole(url.href, 'of the owner')
    await prepareElectricRole(url.href, 'of the owner')
    const electric = new URL(other.url)
    electric.username = ELECTRIC_ROLE
    electric.password = 'of the owner'
    const client = await connectTo(electric.href)
    expect((await client.query('SELECT FROM leads')).rowCount).toBe(0)
    await expect(client.query('SELECT FROM users')).rejects.toThrow(/permission denied/)
    const { rows } = await client.query('SELECT tablename FROM pg_publication_tables WHERE pubname = $1', [
      ELECTRIC_PUBLICATION,
    ])
    expect(rows).toEqual(expect.arrayContaining([{ tablename: 'leads' }, { tablename: 'sync_probe' }]))
    await client.end()
  } finally {
    await other.drop()
    await owner.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)
  }
})
