import { readdir, readFile } from 'node:fs/promises'

/** The local schema: every SQL file of this folder, in the order of their numbers. For the build and the tests. */
export async function readLocalSchema(): Promise<string> {
  const folder = new URL('./', import.meta.url)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const files = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))
  return files.join('\n')
}
