import type { PGliteInterface } from '@electric-sql/pglite'

/** What the store keeps beside the rows. */
export async function ensureSyncTables(pg: PGliteInterface): Promise<void> {
  await pg.exec(`
    CREATE TABLE IF NOT EXISTS shape_positions (
      shape text PRIMARY KEY,
      handle text NOT NULL,
      "offset" text NOT NULL,
      columns text[] NOT NULL,
      is_complete boolean NOT NULL
    );
    CREATE TABLE IF NOT EXISTS seen_txids (shape text, txid bigint, PRIMARY KEY (shape, txid));
    CREATE TABLE IF NOT EXISTS seen_snapshots (
      shape text PRIMARY KEY,
      snapshot_xmin bigint NOT NULL,
      snapshot_xmax bigint NOT NULL,
      snapshot_xip bigint[] NOT NULL
    )`)
}
