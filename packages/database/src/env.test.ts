import { expect, test } from 'vitest'
import { readMigrationSettings } from './env.ts'

const DATABASE_OWNER_URL = 'postgresql://postgres@127.0.0.1/landfall'

test('only the owner must be given; what stays empty is not done', () => {
  const nothing = { APP_DATABASE_PASSWORD: '', ELECTRIC_DATABASE_PASSWORD: '', DATABASE_WAIT_SECONDS: '' }
  expect(readMigrationSettings({ DATABASE_OWNER_URL, ...nothing })).toEqual({
    ownerUrl: DATABASE_OWNER_URL,
    appPassword: undefined,
    electricPassword: undefined,
    waitMs: 0,
  })
})

test.each([
  [{}, 'DATABASE_OWNER_URL is missing'],
  [{ DATABASE_OWNER_URL: 'mysql://root@localhost/x' }, 'DATABASE_OWNER_URL is wrong'],
  [{ DATABASE_OWNER_URL, DATABASE_WAIT_SECONDS: 'soon' }, 'DATABASE_WAIT_SECONDS is wrong'],
  [{ DATABASE_OWNER_URL, DATABASE_WAIT_SECONDS: '-1' }, 'DATABASE_WAIT_SECONDS is wrong'],
])('%j is refused by name, and nothing of it is printed', (source, message) => {
  expect(() => readMigrationSettings(source)).toThrow(message)
  expect(() => readMigrationSettings(source)).not.toThrow('root')
})
