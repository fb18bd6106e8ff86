import { expect, test } from 'vitest'
import { DatabaseUrlError, withUsualSslModes } from './database-url.ts'

test.each(['require', 'verify-ca', 'verify-full', 'disable'])('sslmode=%s is read as everywhere else', (mode) => {
  expect(withUsualSslModes(`postgresql://u:p%40@host/db?sslmode=${mode}`)).toBe(
    `postgresql://u:p%40@host/db?sslmode=${mode}&uselibpqcompat=true`,
  )
})

test.each(['postgresql://host/db', 'postgresql://host/db?sslmode=no-verify', '/var/run/postgresql db'])(
  'leaves alone what says nothing about it: %s',
  (url) => expect(withUsualSslModes(url)).toBe(url),
)

test.each(['prefer', 'allow'])('refuses sslmode=%s, which promises nothing', (mode) => {
  expect(() => withUsualSslModes(`postgresql://host/db?sslmode=${mode}`)).toThrow(DatabaseUrlError)
})
