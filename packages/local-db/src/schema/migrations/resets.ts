// Made by `pnpm db:generate` from chain.json. Do not edit.
import type { RewriteSpec } from '../chain/migration.ts'

/** How each reset that changed the form of operations rewrites those that were never sent, oldest first. */
export const RESETS: readonly RewriteSpec[] = []
