import { execFile } from 'node:child_process'
import { chown, copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { cleanUp } from '../testing/clean-up.ts'
import { eventually } from '../testing/eventually.ts'
import { ownPostgres } from '../testing/own-postgres.ts'
import { harnessOn } from '../testing/stream-harness.ts'

/** A certificate for `localhost` that nobody has signed but itself. */
async function makeCertificate(): Promise<{ certificate: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-tls-'))
  cleanUp(() => rm(folder, { recursive: true, force: true }))
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const args = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...subject,
    '-keyout',
    key,
    '-out',
    certificate,
  ]
  await promisify(execFile)('openssl', args)
  return { certificate, key }
}

test('sslmode holds for the stream as for the queries', { timeout: 60_000 }, async ({ skip }) => {
  const made = await makeCertificate().catch(() => undefined)
  // There is no other way here to make a certificate.
  if (!made) return skip('openssl is not installed')
  const postgres = await ownPostgres()
  await postgres.stop()
  const { uid, gid } = await stat(postgres.dataDir)
  for (const [from, name] of [
    [made.certificate, 'server.crt'],
    [made.key, 'server.key'],
  ] as const) {
    await copyFile(from, join(postgres.dataDir, name))
    await chown(join(postgres.dataDir, name), uid, gid)
  }
  await postgres.start({ ssl: 'on' })

  const url = (query: string) => `${postgres.url().replace('127.0.0.1', 'localhost')}?${query}`
  const encrypted = harnessOn(url('sslmode=require'))
  await encrypted.sql('CREATE TABLE items (id int PRIMARY KEY); CREATE PUBLICATION landfall_test FOR ALL TABLES')
  const supervisor = await encrypted.supervise()
  await encrypted.sql('INSERT INTO items VALUES (1)')
  await eventually(() => expect(encrypted.sink.inserted('id')).toEqual(['1']))
  const database = openDatabase(encrypted.databaseUrl, () => {})
  const { rows } = await database.query(
    `SELECT ssl, backend_type FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
     WHERE application_name = 'landfall-shape-server' ORDER BY backend_type`,
  )
  await database.end()
  expect(rows).toEqual([
    { ssl: 't', backend_type: 'client backend' },
    { ssl: 't', backend_type: 'walsender' },
  ])
  await supervisor.stop()

  await expect(harnessOn(url('sslmode=verify-full')).supervise()).rejects.toThrow(/self-signed/)
  const trusted = harnessOn(url(`sslmode=verify-full&sslrootcert=${made.certificate}`))
  await trusted.supervise()
  await trusted.sql('INSERT INTO items VALUES (2)')
  await eventually(() => expect(trusted.sink.inserted('id')).toEqual(['2']))
})
