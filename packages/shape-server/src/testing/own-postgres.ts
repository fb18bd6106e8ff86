import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type RunningPostgres, startPostgres } from '@landfall/embedded-postgres'
import { cleanUp } from './clean-up.ts'

/** A Postgres of its own that can be stopped, started and set back; gone after the test. */
export interface OwnPostgres {
  url(database?: string): string
  stop(mode?: 'fast' | 'immediate'): Promise<void>
  /** On the same port, with further settings. */
  start(settings?: Record<string, string>): Promise<void>
  /** Copies the data as it is while the server is stopped. Returns what sets it back to that, while it is stopped. */
  copy(): Promise<() => Promise<void>>
  dataDir: string
}

export async function ownPostgres(settings: Record<string, string> = {}): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-own-'))
  cleanUp(() => rm(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  const open = (more: Record<string, string>, port?: number) =>
    startPostgres({ dataDir, settings: { fsync: 'off', ...settings, ...more }, ...(port && { port }) })
  let running: RunningPostgres = await open({})
  const first = running
  cleanUp(() => rm(first.dataDir, { recursive: true, force: true }))
  cleanUp(() => running.stop('immediate'))
  return {
    url: first.url,
    dataDir: first.dataDir,
    stop: (mode) => running.stop(mode),
    async start(more = {}) {
      running = await open(more, first.port)
    },
    async copy() {
      const kept = join(folder, 'kept')
      await copyWhole(first.dataDir, kept)
      return async () => {
        await rm(first.dataDir, { recursive: true, force: true })
        await copyWhole(kept, first.dataDir)
      }
    },
  }
}

/** With owners, which Postgres is particular about. */
async function copyWhole(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to])
}
