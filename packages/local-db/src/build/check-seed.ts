import { PGlite } from '@electric-sql/pglite'
import type { Migration } from '../schema/chain/migration.ts'
import { readAppliedMigrations, readEveryRelation } from '../schema/chain/stored-schema.ts'
import { START_PARAMS } from '../worker/start-params.ts'
import type { Seed } from './build-seed.ts'

/** The seed image is not what a device could begin with. */
export class SeedError extends Error {
  override name = 'SeedError'
}

/**
 * Opens the image as a device would, and reads everything in it.
 *
 * @throws SeedError
 */
export async function checkSeed({ image }: Seed, chain: readonly Migration[]): Promise<void> {
  const copy = new Uint8Array(image)
  try {
    const pg = await PGlite.create({ loadDataDir: new Blob([copy]), startParams: START_PARAMS })
    try {
      const applied = await readAppliedMigrations(pg)
      const [found, expected] = [applied, chain].map((list) => list.map(({ hash }) => hash).join())
      if (found !== expected) throw new Error('it records other migrations than it was made by')
      await readEveryRelation(pg)
    } finally {
      await pg.close()
    }
  } catch (cause) {
    throw new SeedError(`The seed image can't be used: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}
