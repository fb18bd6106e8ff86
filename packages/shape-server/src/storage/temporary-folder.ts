import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'landfall-shapes-'

/** A folder that is named after this process, so that another one can tell when nobody needs it any more. */
export async function makeTemporaryFolder(): Promise<string> {
  await removeLeftBehind()
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
}

/** A server that was killed could not remove its own. */
async function removeLeftBehind(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1])
    if (pid && !isRunning(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
