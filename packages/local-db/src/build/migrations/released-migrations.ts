import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { MigrationEntry } from '../../schema/chain/migration.ts'
import { MIGRATIONS_FOLDER, MigrationsFolderError, parseChainFile } from './migrations-folder.ts'

const run = promisify(execFile)

/**
 * The chain as a commit has it: what devices out there may be at, and nobody may change any more. Empty when the commit is
 * from before there was one.
 */
export async function releasedMigrations(commit: string, folder = MIGRATIONS_FOLDER): Promise<MigrationEntry[]> {
  const git = (...args: string[]) => run('git', args, { cwd: folder, maxBuffer: 16 * 1024 * 1024 })
  await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`).catch((cause: unknown) => {
    throw new MigrationsFolderError(`git knows no commit "${commit}".`, { cause })
  })
  const { stdout: listed } = await git('ls-tree', '--name-only', commit, 'chain.json')
  if (listed.trim() === '') return []
  const { stdout: text } = await git('show', `${commit}:./chain.json`)
  return parseChainFile(text, `chain.json of ${commit}`)
}

/** @throws MigrationsFolderError when a released migration was changed or taken out */
export function assertContinues(released: readonly MigrationEntry[], chain: readonly MigrationEntry[]): void {
  released.forEach((entry, place) => {
    if (chain[place]?.hash === entry.hash) return
    throw new MigrationsFolderError(
      `${entry.name} is released, and must stay as it is: devices have it. Put it back, and write a migration behind it.`,
    )
  })
}
