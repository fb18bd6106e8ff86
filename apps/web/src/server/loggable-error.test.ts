import { DrizzleQueryError } from 'drizzle-orm/errors'
import pg from 'pg'
import pino from 'pino'
import { expect, test } from 'vitest'
import { loggableError } from './loggable-error.ts'

function postgresError(fields: Record<string, string>): Error {
  const error = new pg.DatabaseError(fields.message ?? '', 0, 'error')
  return Object.assign(error, fields)
}

function logged(err: unknown): string {
  let line = ''
  const log = pino({ serializers: { err: (error) => loggableError(error) } }, { write: (text) => (line += text) })
  log.error({ err }, 'a request failed')
  return line
}

test('a failed query is logged by its cause, without its parameters and the row it was about', () => {
  const cause = postgresError({
    message: 'duplicate key value violates unique constraint "users_email_key"',
    code: '23505',
    detail: 'Key (email)=(ada@example.com) already exists.',
    where: 'COPY users, line 1: "ada@example.com"',
  })
  const line = logged(new DrizzleQueryError('INSERT INTO users VALUES ($1)', ['ada@example.com'], cause))
  expect(line).not.toContain('ada@example.com')
  expect(line).not.toContain('INSERT INTO')
  expect(JSON.parse(line).err).toMatchObject({
    name: 'DrizzleQueryError',
    message: cause.message,
    stack: expect.stringContaining('loggable-error.test.ts'),
    cause: { code: '23505', message: cause.message },
  })
})

test('a value that Postgres or JSON.parse could not read is not repeated', () => {
  const message = 'invalid input syntax for type uuid: "ada@example.com\nand more"'
  expect(loggableError(postgresError({ message, code: '22P02' })).message).toBe('invalid input syntax for type uuid')
  const parse = () => JSON.parse('ada@example.com')
  expect(parse).toThrow(SyntaxError)
  try {
    parse()
  } catch (error) {
    expect(logged(new Error('outside', { cause: error }))).not.toContain('ada@')
  }
})

test('a message that looks like frames does not stay in the stack', () => {
  const error = new DrizzleQueryError('SELECT $1', ['x\n    at ada@example.com (here)'])
  expect(logged(error)).not.toContain('ada@example.com')
})

test('what is no error is named by its type only', () => {
  expect(loggableError('ada@example.com')).toEqual({ name: 'string' })
})
