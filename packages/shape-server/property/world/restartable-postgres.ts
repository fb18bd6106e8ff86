import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningPostgres, startPostgres } from '@landfall/embedded-postgres'

/** A Postgres that comes back on the same port with the same data. */
export interface RestartablePostgres {
  url: string
  /** `fast` is an orderly end, `immediate` a crash. */
  restart(mode: 'fast' | 'immediate'): Promise<void>
  stop(): Promise<void>
}

/** It need not survive a crash of the machine, which is why it does not wait for the disk. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off' }

export async function startRestartablePostgres(): Promise<RestartablePostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'shape-server-property-pg-'))
  let server: RunningPostgres = await startPostgres({ dataDir: join(folder, 'postgres'), settings: SETTINGS })
  const { port } = server
  return {
    url: server.url(),
    async restart(mode) {
      await server.stop(mode)
      server = await startPostgres({ dataDir: join(folder, 'postgres'), port, settings: SETTINGS })
    },
    async stop() {
      await server.stop()
      await rm(server.dataDir, { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}
