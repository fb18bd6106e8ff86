import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Another stack runs on the same data; two would take the database from each other. */
export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError'
}

/** Makes this process the only one that runs a stack on the folder, until the returned function is called. */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'running.pid')
  await mkdir(folder, { recursive: true })
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  if (owner && owner !== process.pid && (await isNode(owner))) {
    throw new AlreadyRunningError(
      `Landfall runs here already, as process ${owner}. Stop it first (Ctrl-C in its terminal). If that process is something else, delete ${file}.`,
    )
  }
  await writeFile(file, String(process.pid))
  return () => rm(file, { force: true })
}

/** A number may be another program's by now: only a Node can be a stack that still runs. */
async function isNode(pid: number): Promise<boolean> {
  try {
    const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)])
    return stdout.includes('node')
  } catch {
    return false
  }
}
