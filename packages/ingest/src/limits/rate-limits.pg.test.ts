import { ProblemError } from '@landfall/contract'
import { openTestStack, type TestStack } from '@landfall/database/testing'
import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
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
  expect(refusal).toMatchObject({ code: 'too_many_requests' })
  expect((refusal as ProblemError).retryAfterMs).toBeGreaterThan(0)
  await expect(limits.consume({ ...device, actor: 'device-2' }, 3)).resolves.toBeUndefined()
  await expect(limits.consume({ ...device, tenantId: 'lumen' }, 3)).resolves.toBeUndefined()
})

test('changing the device does not get round the limit of the address', async () => {
  const limits = new RateLimits(stack.app.$client, { perDevice: 100, perAddress: 3, perTenant: 100 })
  await limits.consume({ tenantId: 't', actor: 'a', address: '10.0.0.2' }, 3)
  await expect(limits.consume({ tenantId: 't', actor: 'b', address: '10.0.0.2' }, 1)).rejects.toThrow(ProblemError)
})
