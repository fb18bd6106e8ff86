import { expect, test } from 'vitest'
import { OverloadError } from '../overload-error.ts'
import type { ReplicationStatus } from '../replication/replication-supervisor.ts'
import { InvalidRequestError } from '../shapes/definition-errors.ts'
import { ReplicationAwayError } from '../shapes/shape-service.ts'
import { errorAnswer } from './error-answer.ts'

function answer(error: unknown, status: ReplicationStatus = 'streaming') {
  const logged: unknown[] = []
  const answered = errorAnswer(error, { status: () => status, log: (line) => logged.push(line) })
  return { ...answered, isLogged: logged.length > 0 }
}

test('overload is 503 that says when to come back and that it is known', () => {
  expect(answer(new OverloadError('full', 4))).toMatchObject({
    status: 503,
    headers: { 'retry-after': '4', 'electric-internal-known-error': 'true', 'cache-control': 'no-store' },
    body: '{"code":"overloaded","message":"full"}',
    isLogged: false,
  })
})

test.each([
  ['no stream', new ReplicationAwayError('away'), 'reconnecting'],
  ['no connection', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'streaming'],
  ['whatever happens while the database is away', new Error('odd'), 'starting'],
] as const)('%s is 503 that says when to come back, and no known error', (_, error, status) => {
  const { headers, ...rest } = answer(error, status)
  expect(rest.status).toBe(503)
  expect(headers['retry-after']).toMatch(/^\d+$/)
  expect(headers).not.toHaveProperty('electric-internal-known-error')
})

test('bad parameters are named', () => {
  expect(answer(new InvalidRequestError({ table: ['no'] }))).toMatchObject({
    status: 400,
    body: '{"message":"Invalid request","errors":{"table":["no"]}}',
  })
})

test('what nobody expected is 500, is logged, and tells the client nothing', () => {
  const { status, body, isLogged } = answer(new Error('password=hush'))
  expect([status, isLogged]).toEqual([500, true])
  expect(body).not.toContain('hush')
})
