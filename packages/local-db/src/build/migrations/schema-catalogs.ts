import { PGlite } from '@electric-sql/pglite'
import type { Migration } from '../../schema/chain/migration.ts'
import { buildSchema } from './build-schema.ts'
import { type CatalogObject, readCatalog } from './catalog.ts'

let emptyImage: Promise<Blob> | undefined

/** The catalog of a database in which `fill` made the schema. Of an empty one that is made once, since that takes seconds. */
async function catalogOf(fill: (pg: PGlite) => Promise<unknown>): Promise<CatalogObject[]> {
  emptyImage ??= PGlite.create().then(async (pg) => {
    const image = await pg.dumpDataDir('none')
    await pg.close()
    return image
  })
  const pg = await PGlite.create({ loadDataDir: await emptyImage })
  try {
    await fill(pg)
    return await readCatalog(pg)
  } finally {
    await pg.close()
  }
}

const made = new Map<string, Promise<CatalogObject[]>>()

/** Once a schema: a generation asks for the same ones again to see what it has written. */
function once(key: string, make: () => Promise<CatalogObject[]>): Promise<CatalogObject[]> {
  const catalog = made.get(key) ?? make()
  made.set(key, catalog)
  return catalog
}

export const catalogOfChain = (chain: readonly Migration[]) =>
  once(`chain ${chain.at(-1)?.hash}`, () => catalogOf((pg) => buildSchema(pg, chain)))

export const catalogOfSchema = (schemaSql: string) =>
  once(`schema ${schemaSql}`, () => catalogOf((pg) => pg.exec(schemaSql)))
