import { expect, test } from 'vitest'
import { type Environment, readInvocation } from './env.ts'
import { SETTINGS } from './settings.ts'
import { usage } from './usage.ts'

const NEEDED = { DATABASE_URL: 'postgresql://me:pass@localhost/db', ELECTRIC_SECRET: 'hush' }

function read(args: string[], variables: Record<string, string> = NEEDED): Environment {
  const invocation = readInvocation(args, variables)
  if (invocation.kind !== 'serve') throw new Error(invocation.kind)
  return invocation.environment
}

test('two variables are enough, and the rest is careful', () => {
  expect(read([])).toMatchObject({
    databaseUrl: NEEDED.DATABASE_URL,
    secret: 'hush',
    port: 3000,
    host: '127.0.0.1',
    storageDir: undefined,
    allowShapeDeletion: false,
    logLevel: 'info',
  })
})

test('a flag wins over its variable, and an empty variable counts as none', () => {
  const variables = { ...NEEDED, ELECTRIC_PORT: '1', ELECTRIC_STORAGE_DIR: '', ELECTRIC_LOG_LEVEL: 'warning' }
  const environment = read(['--port', '2', '--secret=louder', '--storage-dir', 'a b'], variables)
  expect(environment).toMatchObject({ port: 2, secret: 'louder', storageDir: 'a b', logLevel: 'warn' })
  expect(read([], variables)).toMatchObject({ port: 1, storageDir: undefined })
})

test('without a secret only who says so serves everybody', () => {
  const { DATABASE_URL } = NEEDED
  expect(() => read([], { DATABASE_URL })).toThrow('ELECTRIC_SECRET')
  expect(() => read([], { DATABASE_URL, ELECTRIC_INSECURE: 'false' })).toThrow('ELECTRIC_SECRET')
  expect(read([], { DATABASE_URL, ELECTRIC_INSECURE: 'true' }).secret).toBeUndefined()
  expect(read(['--insecure'], { DATABASE_URL }).secret).toBeUndefined()
})

test.each<[string, string[], Record<string, string>, string]>([
  ['no database', [], { DATABASE_URL: '' }, 'DATABASE_URL'],
  ['another database', [], { DATABASE_URL: 'mysql://localhost' }, 'DATABASE_URL'],
  ['no address', [], { DATABASE_URL: 'hush' }, 'DATABASE_URL'],
  ['a word for a port', ['--port', 'http'], {}, '--port'],
  ['a port beyond all', [], { ELECTRIC_PORT: '65536' }, 'ELECTRIC_PORT'],
  ['a port with a sign', [], { ELECTRIC_PORT: '-1' }, 'ELECTRIC_PORT'],
  ['an unknown flag', ['--prot', '3000'], {}, '--prot'],
  ['an unknown short flag', ['-x'], {}, '-x'],
  ['a flag without its value', ['--port'], {}, '--port'],
  ['a value too many', ['3000'], {}, '3000'],
  ['neither true nor false', [], { ELECTRIC_INSECURE: 'yes' }, 'ELECTRIC_INSECURE'],
  ['an unknown level', ['--log-level', 'loud'], {}, '--log-level'],
  ['no shapes at all', [], { ELECTRIC_MAX_SHAPES: '0' }, 'ELECTRIC_MAX_SHAPES'],
  ['limits that are no JSON', [], { ELECTRIC_MAX_CONCURRENT_REQUESTS: '300' }, 'ELECTRIC_MAX_CONCURRENT_REQUESTS'],
  ['an unknown limit', [], { ELECTRIC_MAX_CONCURRENT_REQUESTS: '{"all":1}' }, 'ELECTRIC_MAX_CONCURRENT_REQUESTS'],
  ['a slot name that is none', [], { ELECTRIC_REPLICATION_STREAM_ID: "x'; --" }, 'ELECTRIC_REPLICATION_STREAM_ID'],
])('names what is wrong: %s', (_, args, variables, name) => {
  expect(() => read(args, { ...NEEDED, ...variables })).toThrow(name)
})

test('a message never has the password in it', () => {
  expect(() => read([], { ...NEEDED, DATABASE_URL: 'postgresq://me:pass@localhost' })).toThrow(/^(?!.*pass)/)
})

test('help and version need nothing else', () => {
  expect(readInvocation(['--help'], {})).toEqual({ kind: 'help' })
  expect(readInvocation(['--version'], {})).toEqual({ kind: 'version' })
  for (const { variable } of Object.values(SETTINGS)) expect(usage()).toContain(variable)
})
