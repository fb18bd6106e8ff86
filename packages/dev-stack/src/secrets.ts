import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

const secrets = z.object({
  postgresPassword: z.string(),
  appPassword: z.string(),
  electricSecret: z.string(),
  authSecret: z.string(),
  /** Not in the files of earlier versions. */
  metricsToken: z.string().default(randomSecret),
})
export type Secrets = z.output<typeof secrets>

/** Secrets of this checkout's stack, made once and kept beside its data, readable by its owner only. */
export async function readOrCreateSecrets(file: string): Promise<Secrets> {
  const stored = await readFile(file, 'utf8').catch(() => undefined)
  if (stored !== undefined) return completed(file, JSON.parse(stored))
  const fresh: Secrets = {
    postgresPassword: randomSecret(),
    appPassword: randomSecret(),
    electricSecret: randomSecret(),
    authSecret: randomSecret(),
    metricsToken: randomSecret(),
  }
  await mkdir(dirname(file), { recursive: true })
  await write(file, fresh)
  return fresh
}

/** The stored secrets, with those that this version is the first to have. */
async function completed(file: string, stored: unknown): Promise<Secrets> {
  const known = secrets.parse(stored)
  if (Object.keys(known).some((name) => !Object.hasOwn(stored as object, name))) await write(file, known)
  return known
}

/** Whole or not at all: half a file would lock the data away. */
async function write(file: string, content: Secrets): Promise<void> {
  const next = `${file}.next`
  await writeFile(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await rename(next, file)
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}
