import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectProcess, type ProcessState } from '@landfall/embedded-postgres'

/** Another stack runs on the same data; two would take the database from each other. */
export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError'
}

/** Makes this process the only one that runs a stack on the folder, until the returned function is called. */
export async function claimFolder(folder: string, inspect = inspectProcess): Promise<() => Promise<void>> {
  const file = join(folder, 'running.pid')
  await mkdir(folder, { recursive: true })
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  if (owner && owner !== process.pid && mayBeStack(await inspect(owner))) {
    throw new AlreadyRunningError(
      `Landfall runs here already, as process ${owner}. Stop it first (Ctrl-C in its terminal). If that process is something else, delete ${file}.`,
    )
  }
  await writeFile(file, String(process.pid))
  return () => rm(file, { force: true })
}

/** Only a Node can be a stack that still runs. What nobody can name counts as one: two on a folder cost its data. */
function mayBeStack(state: ProcessState): boolean {
  switch (state.kind) {
    case 'gone':
      return false
    case 'running':
      return state.command.includes('node')
    case 'unknown':
      return true
  }
}
