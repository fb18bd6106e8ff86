import type { RewriteSpec } from '../schema/chain/migration.ts'
import type { OwnMigration } from '../schema/chain/own-chain.ts'

/** What the build writes into the worker: names of the files beside it, and what the seed was made with. */
export interface WorkerAssets {
  wasm: string
  data: string
  seed: string
  /** What stands in `ENGINE_STAMP_FILE` of a database that this engine can open. */
  engineId: string
  /** The schema of this build, and the ways to it. */
  chain: readonly OwnMigration[]
  /** How each reset of the chain rewrites operations that were never sent, oldest first. */
  resets: readonly RewriteSpec[]
}
