import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readEnv, VARIABLES } from './env.ts'

const complete = {
  DATABASE_URL: 'postgresql://landfall_app:x@127.0.0.1:5432/landfall',
  APP_URL: 'http://app.localhost:3000',
  NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
  ELECTRIC_URL: 'http://127.0.0.1:3000',
  BETTER_AUTH_SECRET: 'x'.repeat(32),
}

test('a complete environment is read, with its defaults', () => {
  expect(readEnv(complete)).toMatchObject({ TRUSTED_PROXY_HOPS: 0, LOG_LEVEL: 'info' })
})

test.each(Object.keys(complete))('the start stops and names %s when it is missing or empty', (name) => {
  const { [name as keyof typeof complete]: _, ...rest } = complete
  expect(() => readEnv(rest)).toThrow(`${name} is missing`)
  expect(() => readEnv({ ...complete, [name]: '' })).toThrow(`${name} is missing`)
})

test.each([
  ['METRICS_TOKEN', 'short'],
  ['DOMAIN_CHECK_TOKEN', 'short'],
  ['TRUSTED_PROXY_HOPS', 'one'],
  ['LOG_LEVEL', 'loud'],
])('an optional %s may be missing or empty, and is named when it is wrong', (name, wrong) => {
  expect(() => readEnv({ ...complete, [name]: '' })).not.toThrow()
  expect(() => readEnv({ ...complete, [name]: wrong })).toThrow(`${name} is wrong`)
})

test('every wrong variable is named at once', () => {
  expect(() => readEnv({ ...complete, DATABASE_URL: 'mysql://x', BETTER_AUTH_SECRET: 'short' })).toThrow(
    /DATABASE_URL is wrong.*BETTER_AUTH_SECRET is wrong/s,
  )
})

test.each(VARIABLES)('.env.example explains %s', (name) => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')
  expect(example).toMatch(new RegExp(`^${name}=`, 'm'))
})
