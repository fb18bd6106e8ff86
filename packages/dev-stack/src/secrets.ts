import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

const secrets = z.object({
  postgresPassword: z.string(),
  appPassword: z.string(),
  electricSecret: z.string(),
  authSecret: z.string(),
})
export type Secrets = z.output<typeof secrets>

/** Secrets of this checkout's stack, made once and kept beside its data, readable by its owner only. */
export async function readOrCreateSecrets(file: string): Promise<Secrets> {
  const stored = await readFile(file, 'utf8').catch(() => undefined)
  if (stored !== undefined) return secrets.parse(JSON.parse(stored))
  const fresh: Secrets = {
    postgresPassword: randomSecret(),
    appPassword: randomSecret(),
    electricSecret: randomSecret(),
    authSecret: randomSecret(),
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 })
  return fresh
}

const randomSecret = () => randomBytes(32).toString('base64url')
