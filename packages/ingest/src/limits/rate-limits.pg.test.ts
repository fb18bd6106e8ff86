import { setTimeout as wait } from 'node:timers/promises'
import { ProblemError } from '@landfall/contract'
import { openTestStack, type TestStack } from '@landfall/database/testing'
import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { recordStatements } from '../testing/ingest-harness.ts'
import { RateLimits } from './rate-limits.ts'

let database: TestDatabase
let stack: TestStack

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
  stack = await openTestStack(database.url)
})

afterAll(async () => {
  await stack?.close()
  await database?.drop()
})

test('a device over its limit is told when to come again, and others go on', async () => {
  const limits = new RateLimits(stack.app.$client, { perDevice: 3, perAddress: 100, perTenant: 100 })
  const device = { tenantId: 'acme', actor: 'device-1', address: '10.0.0.1' }
  await limits.consume(device, 3)
  const refusal = await limits.consume(device, 1).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(ProblemError)
  expect(refusal).toMatchObject({ code: 'too_many_requests', scope: 'device' })
  expect((refusal as ProblemError).retryAfterMs).toBeGreaterThan(0)
  await expect(limits.consume({ ...device, actor: 'device-2' }, 3)).resolves.toBeUndefined()
  await expect(limits.consume({ ...device, tenantId: 'lumen' }, 3)).resolves.toBeUndefined()
})

test('changing the device does not get round the limit of the address', async () => {
  const limits = new RateLimits(stack.app.$client, { perDevice: 100, perAddress: 3, perTenant: 100 })
  await limits.consume({ tenantId: 't', actor: 'a', address: '10.0.0.2' }, 3)
  await expect(limits.consume({ tenantId: 't', actor: 'b', address: '10.0.0.2' }, 1)).rejects.toMatchObject({
    scope: 'address',
  })
})

test('those whose address is not known do not count for one another', async () => {
  const limits = new RateLimits(stack.app.$client, { perDevice: 100, perAddress: 3, perTenant: 100 })
  for (const address of [undefined, 'unknown']) {
    await limits.consume({ tenantId: 'nowhere', actor: `a ${address}`, address }, 3)
    await limits.consume({ tenantId: 'nowhere', actor: `b ${address}`, address }, 3)
  }
})

test('what one limit refuses is given back to the others, and to itself', async () => {
  const limits = new RateLimits(stack.app.$client, { perDevice: 10, perAddress: 100, perTenant: 6 })
  const who = { tenantId: 'small', actor: 'one', address: '10.0.0.3' }
  await limits.consume(who, 4)
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await expect(limits.consume(who, 4)).rejects.toThrow(ProblemError)
  }
  // The five refusals took nothing: there are two left of the tenant's six, and six of the device's ten.
  await limits.consume(who, 2)
  await expect(limits.consume(who, 1)).rejects.toThrow(ProblemError)
  const { rows } = await stack.owner.$client.query(`SELECT key, points FROM rate_limits WHERE key LIKE '%small%'`)
  expect(Object.fromEntries(rows.map((row) => [row.key.split(':')[0], row.points]))).toEqual({
    device: 6,
    address: 6,
    tenant: 6,
  })
})

test('a batch is counted everywhere on one connection, which is given back', async () => {
  const limits = new RateLimits(stack.app.$client)
  const statements = await recordStatements(async () => {
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(
        ['x', 'y', 'z'].map((actor) => limits.consume({ tenantId: 'busy', actor, address: '10.0.0.4' }, 1)),
      )
    }
  })
  expect(statements).toHaveLength(20 * 3 * 3)
  expect(stack.app.$client.totalCount).toBeLessThanOrEqual(3)
  expect(stack.app.$client.idleCount).toBe(stack.app.$client.totalCount)
  const { rows } = await stack.owner.$client.query(`SELECT points FROM rate_limits WHERE key = 'tenant:busy'`)
  expect(rows).toEqual([{ points: 60 }])
})

test('a database that cannot count is told as such, not as a limit', async () => {
  const broken = { connect: () => Promise.reject(new Error('connection refused')) } as never
  const refusal = await new RateLimits(broken)
    .consume({ tenantId: 't', actor: 'a' }, 1)
    .catch((error: unknown) => error)
  expect(refusal).not.toBeInstanceOf(ProblemError)
  expect(refusal).toMatchObject({ message: 'connection refused' })
})

test('what was not counted is not given back', async () => {
  const pool = stack.app.$client
  // By the time that something would be given back there is a connection again.
  const connect = vi
    .fn(() => pool.connect())
    .mockImplementationOnce(async () => {
      await wait(1)
      throw new Error('timeout exceeded when trying to connect')
    })
  const limits = new RateLimits({ connect } as never, { perDevice: 100, perAddress: 100, perTenant: 3 })
  const who = { tenantId: 'crowded', actor: 'a' }
  await expect(limits.consume(who, 3)).rejects.toThrow('timeout exceeded')
  await limits.consume(who, 3)
  await expect(limits.consume(who, 1)).rejects.toMatchObject({ scope: 'tenant' })
})
