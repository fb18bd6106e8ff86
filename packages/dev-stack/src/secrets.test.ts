import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readOrCreateSecrets } from './secrets.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landfall-secrets-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

test('secrets are made once, differ from each other, and are for their owner only', async () => {
  const file = join(folder, 'deep', 'secrets.json')
  const first = await readOrCreateSecrets(file)
  expect(new Set(Object.values(first)).size).toBe(5)
  expect(Math.min(...Object.values(first).map((secret) => secret.length))).toBeGreaterThanOrEqual(32)
  expect((await stat(file)).mode & 0o077).toBe(0)
  expect(await readOrCreateSecrets(file)).toEqual(first)
})

test('a file of an earlier version keeps its secrets and gets those that it lacks, once', async () => {
  const file = join(folder, 'secrets.json')
  const { metricsToken: _, ...earlier } = await readOrCreateSecrets(file)
  await writeFile(file, JSON.stringify(earlier))
  const later = await readOrCreateSecrets(file)
  expect(later).toMatchObject(earlier)
  expect(later.metricsToken.length).toBeGreaterThanOrEqual(32)
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(later)
  expect(await readOrCreateSecrets(file)).toEqual(later)
  expect((await stat(file)).mode & 0o077).toBe(0)
})

test('a damaged file stops the start instead of locking the data away behind new secrets', async () => {
  const file = join(folder, 'secrets.json')
  await writeFile(file, '{"postgresPassword":"x"}')
  await expect(readOrCreateSecrets(file)).rejects.toThrow()
})
