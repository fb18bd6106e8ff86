import { readFileSync } from 'node:fs'
import { MIGRATION_VARIABLES } from '@landfall/database/migrate'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { readEnv, VARIABLES } from './env.ts'

// There is no container engine where the tests run: what compose.yaml says is checked against what the app reads.

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
const text = read('compose.yaml')
const example = read('.env.example')

const service = z.object({
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  networks: z.array(z.string()),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  restart: z.string().optional(),
})
const { services, networks, volumes } = z
  .object({
    services: z.record(z.enum(['postgres', 'migrate', 'electric', 'web', 'caddy']), service),
    networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(text, { merge: true }))

/** `${NAME:?why}`, `${NAME:-default}` or `${NAME}`. */
const REFERENCE = /\$\{([A-Z_]+)(?::([?-])([^}]*))?\}/g
const references = [...text.matchAll(REFERENCE)].map(([, name = '', sign, rest]) => ({ name, sign, rest }))

/** As compose fills it in, with a value for whatever must be given. */
const filled = (environment: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(REFERENCE, (_, _name, sign, rest) => (sign === '?' ? `given${'x'.repeat(32)}` : (rest ?? ''))),
    ]),
  )

describe('the site in compose.yaml', () => {
  test('is given everything that it must have, as the app reads it', () => {
    expect(() => readEnv(filled(services.web.environment))).not.toThrow()
    const { DATABASE_URL: _, ...rest } = services.web.environment
    expect(() => readEnv(filled(rest))).toThrow('DATABASE_URL is missing')
  })

  test('is given every variable that the app reads, and no other', () => {
    expect(Object.keys(services.web.environment).sort()).toEqual([...VARIABLES].sort())
  })

  test('believes the one proxy before it, which alone is open to the world', () => {
    expect(services.web.environment.TRUSTED_PROXY_HOPS).toBe('1')
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined)
    expect(open.map(([name]) => name)).toEqual(['caddy'])
    expect(networks.inner?.internal).toBe(true)
    for (const name of ['postgres', 'migrate', 'electric', 'web'] as const) {
      expect(services[name].networks, name).toEqual(['inner'])
    }
  })
})

test('the migration is given what it reads, and the passwords that the logins use', () => {
  expect(Object.keys(services.migrate.environment).sort()).toEqual([...MIGRATION_VARIABLES].sort())
  expect(services.web.environment.DATABASE_URL).toContain('landfall_app:${APP_DATABASE_PASSWORD:')
  expect(services.electric.environment.DATABASE_URL).toContain('landfall_electric:${ELECTRIC_DATABASE_PASSWORD:')
})

test('Postgres writes the log that Electric reads, and does not keep it without end', () => {
  expect(services.postgres.command).toContain('wal_level=logical')
  expect(services.postgres.command?.some((setting) => /^max_slot_wal_keep_size=/.test(setting))).toBe(true)
})

test('Electric is of a version that we know, and keeps its shapes over a restart', () => {
  expect(services.electric.image).toMatch(/^electricsql\/electric:\$\{ELECTRIC_TAG:-1\.7\.(1[2-9]|[2-9]\d)\}$/)
  const folder = services.electric.environment.ELECTRIC_STORAGE_DIR
  expect(services.electric.volumes).toEqual([`electric-data:${folder}`])
})

test('every volume is declared, and every declared one is used', () => {
  const used = Object.values(services).flatMap((one) => one.volumes.filter((volume) => !volume.startsWith('.')))
  expect(used.map((volume) => volume.split(':')[0]).sort()).toEqual(Object.keys(volumes).sort())
})

test.each([...new Set(references.map(({ name }) => name))])('.env.example explains %s for compose', (name) => {
  expect(example).toMatch(new RegExp(`^${name}=`, 'm'))
})

test('a variable has a default, or its absence stops the start and is named', () => {
  for (const { name, sign, rest } of references) {
    expect(sign, name).toMatch(/^[?-]$/)
    if (sign === '?') expect(rest, name).toBe('see .env.example')
  }
  const secrets = ['POSTGRES_PASSWORD', 'APP_DATABASE_PASSWORD', 'ELECTRIC_SECRET', 'BETTER_AUTH_SECRET']
  for (const secret of secrets) {
    const signs = references.filter(({ name }) => name === secret).map(({ sign }) => sign)
    expect(new Set(signs), secret).toEqual(new Set(['?']))
  }
})

test('.env.example names nothing twice, and nothing that nobody reads', () => {
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name ?? '')
  expect(new Set(named).size).toBe(named.length)
  const known = [...VARIABLES, ...MIGRATION_VARIABLES, ...references.map(({ name }) => name)]
  const ofTheDemo = ['PORT', 'LANDFALL_DATA_DIR', 'LANDFALL_WEB_SERVER', 'CHROMIUM_PATH']
  expect(named.filter((name) => ![...known, ...ofTheDemo].includes(name))).toEqual([])
})

test('Caddy is given every variable of its file', () => {
  const used = [...read('docker/Caddyfile').matchAll(/\{\$([A-Z_]+)(?::[^}]*)?\}/g)].map(([, name]) => name)
  expect(Object.keys(services.caddy.environment).sort()).toEqual([...new Set(used)].sort())
})
