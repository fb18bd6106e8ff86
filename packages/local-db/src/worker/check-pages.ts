import type { PGlite } from '@electric-sql/pglite'
import type { GenerationNames } from '../protocol/database-names.ts'
import { isPageWhole, PAGE_BYTES } from './page-checksum.ts'

/** Pages looked at before statements get their turn: about 2 ms. */
const PAGES_A_TURN = 512

/** Blocks of one file of a relation; what is larger goes on in `<file>.1`. */
const SEGMENT_BLOCKS = 131_072

/**
 * Looks at every page of every relation for a broken checksum, between statements. Postgres does so itself only when a query
 * comes past, which for a part of a table may be never, and until then its rows are shown as though they were all.
 *
 * @returns what is broken, or null
 */
export async function checkPages(pg: PGlite, { indexedDbName }: GenerationNames): Promise<string | null> {
  const { FS } = pg.Module
  const missing = await missingFile(pg, indexedDbName)
  if (missing !== null) return missing
  let pagesOfTurn = 0
  for (const file of relationFiles(pg, indexedDbName)) {
    const segment = Number(/\.(\d+)$/.exec(file)?.[1] ?? 0)
    for (let block = 0; ; block++) {
      // Anew for each page: statements may write between turns, and files may go.
      if (pg.closed || !FS.analyzePath(file).exists) break
      const { contents, usedBytes } = FS.lookupPath(file, { follow: true }).node as MemoryFile
      const start = block * PAGE_BYTES
      if (start + PAGE_BYTES > usedBytes) break
      if (!isPageWhole(contents.subarray(start, start + PAGE_BYTES), segment * SEGMENT_BLOCKS + block))
        return `page ${block} of ${file.slice(indexedDbName.length + 1)} has a wrong checksum`
      if (++pagesOfTurn < PAGES_A_TURN) continue
      pagesOfTurn = 0
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  return null
}

/** A file of Emscripten's MEMFS; `contents` may be longer than what is used. */
interface MemoryFile {
  contents: Uint8Array
  usedBytes: number
}

function relationFiles({ Module: { FS } }: PGlite, root: string): string[] {
  const databases: string[] = FS.readdir(`${root}/base`).filter((name: string) => /^\d+$/.test(name))
  const directories = [`${root}/global`, ...databases.map((name) => `${root}/base/${name}`)]
  return directories.flatMap((directory) =>
    FS.readdir(directory)
      .filter((name: string) => /^\d+(_\w+)?(\.\d+)?$/.test(name))
      .map((name: string) => `${directory}/${name}`),
  )
}

/** A relation whose file is gone: Postgres takes some for empty until it wants to write them. */
async function missingFile(pg: PGlite, root: string): Promise<string | null> {
  const { rows } = await pg.query<{ relation: string; path: string }>(
    `SELECT oid::regclass::text AS relation, pg_relation_filepath(oid) AS path
     FROM pg_class WHERE relkind IN ('r', 'i', 't', 'm', 'S') AND relpersistence = 'p'`,
  )
  const gone = rows.find(({ path }) => !pg.Module.FS.analyzePath(`${root}/${path}`).exists)
  return gone ? `the file of ${gone.relation} is gone` : null
}
