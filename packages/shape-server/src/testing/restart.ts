import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ShapeServer, startShapeServer } from '../shape-server.ts'
import { cleanUp } from './clean-up.ts'
import type { Harness } from './harness.ts'

/** Empty, and gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-shapes-'))
  cleanUp(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Ends the server, runs `meanwhile`, and starts another one on its port, and on its folder if it had one. */
export async function restart(
  { server, databaseUrl }: Harness,
  meanwhile: () => Promise<unknown>,
  storageDir?: string,
): Promise<ShapeServer> {
  await server.stop()
  await meanwhile()
  const again = await startShapeServer({ databaseUrl, port: server.port, ...(storageDir && { storageDir }) })
  cleanUp(() => again.stop())
  return again
}
