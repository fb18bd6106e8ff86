import { readFile } from 'node:fs/promises'

/** The whole local schema as SQL. For the build and the tests. */
export function readLocalSchema(): Promise<string> {
  return readFile(new URL('./generated/schema.sql', import.meta.url), 'utf8')
}
