import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { contentHash } from './content-hash.ts'

/** Folders whose files end up in the image or in the worker; what stands in other packages is bundled as well. */
const INPUT_FOLDERS = [
  'src/build',
  'src/protocol',
  'src/reconcile',
  'src/schema',
  'src/storage',
  'src/worker',
  '../contract/src',
  '../shapes/src/client',
]
const INPUT_PACKAGES = ['@electric-sql/pglite', '@electric-sql/client', 'esbuild']

/** One hash over all that the build reads; `others` is what it was given from elsewhere. */
export async function hashInputs(packageRoot: string, ...others: string[]): Promise<string> {
  const parts: (string | Uint8Array)[] = [...others]
  for (const folder of INPUT_FOLDERS) {
    const names = (await readdir(join(packageRoot, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
    for (const path of names) parts.push(path.slice(packageRoot.length), await readFile(path))
  }
  const require = createRequire(import.meta.url)
  for (const name of INPUT_PACKAGES) parts.push(name, await readFile(require.resolve(name)))
  return contentHash(...parts)
}
