import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { withTenantSession } from './tenant-session.ts'
import { openTestStack, type TestStack, type TestTenant } from './testing/index.ts'

let database: TestDatabase
let stack: TestStack
let acme: TestTenant
let lumen: TestTenant

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
  stack = await openTestStack(database.url)
  acme = await stack.addTenant('acme')
  lumen = await stack.addTenant('lumen')
})

afterAll(async () => {
  await stack?.close()
  await database?.drop()
})

const addDevice = (tenant: TestTenant) => ({
  text: `INSERT INTO devices (tenant_id, client_id, key_hash) VALUES ($1, uuidv7(), '')`,
  values: [tenant.id],
})
const broken = { text: 'SELECT 1 / 0' }
const countDevices = async () => stack.owner.$count(stack.owner._.fullSchema.devices)

describe('a session', () => {
  test('sees and writes the rows of its tenant only', async () => {
    const forms = await withTenantSession(stack.app, acme.id, (session) =>
      session.query<{ id: string }>({ text: 'SELECT id FROM forms' }),
    )
    expect(forms).toEqual([{ id: acme.form.formId }])
    const foreign = withTenantSession(stack.app, acme.id, (session) => session.query(addDevice(lumen)))
    await expect(foreign).rejects.toMatchObject({ code: '42501' })
    expect(await countDevices()).toBe(0)
  })

  test('leaves no tenant behind on its connection', async () => {
    await withTenantSession(stack.app, acme.id, (session) => session.query(broken)).catch(() => {})
    await withTenantSession(stack.app, acme.id, (session) => session.query({ text: 'SELECT 1' }))
    const { rows } = await stack.app.$client.query('SELECT * FROM forms')
    expect(rows).toEqual([])
  })

  test('that throws has written nothing', async () => {
    const before = await countDevices()
    const attempt = withTenantSession(stack.app, acme.id, async (session) => {
      await session.query(addDevice(acme))
      throw new Error('changed its mind')
    })
    await expect(attempt).rejects.toThrow('changed its mind')
    expect(await countDevices()).toBe(before)
  })

  test('loses only the attempt that failed, also one inside another', async () => {
    const before = await countDevices()
    await withTenantSession(stack.app, acme.id, async (session) => {
      await session.attempt(async () => {
        await session.query(addDevice(acme))
        const inner = session.attempt(() => Promise.all([session.query(addDevice(acme)), session.query(broken)]))
        await expect(inner).rejects.toMatchObject({ code: '22012' })
        await session.query(addDevice(acme))
      })
      const failed = session.attempt(() => session.query(broken))
      await expect(failed).rejects.toMatchObject({ code: '22012' })
    })
    expect(await countDevices()).toBe(before + 2)
  })

  test('undoes the whole of an attempt that fails after an attempt inside it did', async () => {
    const before = await countDevices()
    await withTenantSession(stack.app, acme.id, async (session) => {
      const outer = session.attempt(async () => {
        await session.query(addDevice(acme))
        await session.attempt(() => session.query(broken)).catch(() => {})
        throw new Error('changed its mind')
      })
      await expect(outer).rejects.toThrow('changed its mind')
    })
    expect(await countDevices()).toBe(before)
  })

  test('whose failure was overlooked is not taken for committed', async () => {
    const before = await countDevices()
    const attempt = withTenantSession(stack.app, acme.id, async (session) => {
      await session.query(addDevice(acme))
      await session.query(broken).catch(() => {})
    })
    await expect(attempt).rejects.toThrow('rolled back instead of committed')
    expect(await countDevices()).toBe(before)
  })

  test('that lost its connection gives the next one a working connection', async () => {
    const lost = withTenantSession(stack.app, acme.id, async (session) => {
      const [own] = await session.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' })
      await stack.owner.$client.query('SELECT pg_terminate_backend($1)', [own?.pid])
      await session.query(addDevice(acme))
    })
    await expect(lost).rejects.toThrow()
    const forms = await withTenantSession(stack.app, acme.id, (session) =>
      session.query({ text: 'SELECT 1 FROM forms' }),
    )
    expect(forms).toHaveLength(1)
  })
})
