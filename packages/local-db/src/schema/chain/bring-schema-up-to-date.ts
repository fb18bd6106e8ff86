import type { PGliteInterface } from '@electric-sql/pglite'
import { type AdditiveMigration, applyMigrations, MigrationError } from './apply-migrations.ts'
import { type AskServer, SchemaUnreachableError } from './ask-server.ts'
import type { OwnMigration } from './own-chain.ts'
import { type SchemaAnswer, SchemaAnswerError } from './schema-answer.ts'
import type { SchemaOutcome, SchemaStatus } from './schema-status.ts'
import { type AppliedMigration, readAppliedMigrations } from './stored-schema.ts'

export interface SchemaSources {
  /** The build's own, oldest first. */
  chain: readonly OwnMigration[]
  ask: AskServer
}

/**
 * Brings an opened database to the schema of this build, or of the server where that is newer:
 *
 *   at our head ───────────────────────────────────────────► current
 *   behind it, only additive ─► one transaction, own copy ─► migrated
 *   behind it, over a reset ───────────────────────────────► reset
 *   unknown to us, and past a reset by its own record ─────► reset
 *   unknown to us ─► the server   knows it ────────────────► ahead (what it adds is applied too)
 *                                 doesn't ─────────────────► reset
 *                                 is not there, or talks
 *                                 nonsense ────────────────► unverified
 *
 * Never throws; what the network does to it is an outcome. The server is asked only in the last case, and not for long.
 */
export async function bringSchemaUpToDate(pg: PGliteInterface, { chain, ask }: SchemaSources): Promise<SchemaOutcome> {
  let applied: AppliedMigration[]
  try {
    applied = await readAppliedMigrations(pg)
  } catch (error) {
    return { kind: 'reset', reason: 'damaged', detail: `there is no record of the schema: ${messageOf(error)}` }
  }
  const at = applied.at(-1)
  if (!at) return { kind: 'reset', reason: 'damaged', detail: 'the record of the schema is empty' }
  const place = chain.findIndex(({ hash }) => hash === at.hash)
  return place < 0 ? judgeUnknown(pg, applied, at.hash, { chain, ask }) : catchUp(pg, at.hash, chain.slice(place + 1))
}

/** From a schema of our own to our head. */
async function catchUp(pg: PGliteInterface, hash: string, missing: readonly OwnMigration[]): Promise<SchemaOutcome> {
  const head = missing.at(-1)
  if (!head) return ready({ hash, state: 'current' })
  const reset = missing.find(({ kind }) => kind === 'reset')
  if (reset) return { kind: 'reset', reason: 'destructive', detail: `${reset.name} begins with a new database` }
  try {
    await applyMigrations(pg, hash, missing.filter(isAdditive))
    return ready({ hash: head.hash, state: 'migrated' })
  } catch (error) {
    return { kind: 'reset', reason: 'damaged', detail: messageOf(error) }
  }
}

function isAdditive(migration: OwnMigration): migration is AdditiveMigration {
  return migration.kind === 'additive' && 'sql' in migration
}

async function judgeUnknown(
  pg: PGliteInterface,
  applied: readonly AppliedMigration[],
  hash: string,
  { chain, ask }: SchemaSources,
): Promise<SchemaOutcome> {
  const own = new Set(chain.map((migration) => migration.hash))
  const lastKnown = applied.findLastIndex((migration) => own.has(migration.hash))
  const reset = applied.slice(lastKnown + 1).find(({ kind }) => kind === 'reset')
  // No server can make this build read it.
  if (reset)
    return { kind: 'reset', reason: 'newer', detail: `the database is past ${reset.name}, unknown to this build` }
  try {
    return await followAnswer(pg, hash, await ask(hash), 'ahead')
  } catch (error) {
    return ready({ hash, state: 'unverified', problem: problemOf(error) })
  }
}

/**
 * Does what an answer about the database's schema asks for. `known` is the state of a database at `hash`.
 *
 * @throws MigrationError and leaves the database as it was
 */
export async function followAnswer(
  pg: PGliteInterface,
  hash: string,
  answer: SchemaAnswer,
  known: 'current' | 'migrated' | 'ahead',
): Promise<SchemaOutcome> {
  switch (answer.status) {
    case 'current':
      return ready({ hash, state: known })
    case 'behind':
      await applyMigrations(pg, hash, answer.migrations)
      return ready({ hash: answer.head, state: 'ahead' })
    case 'reset':
      return ready({ hash, state: known, isOutdated: true })
    case 'unknown':
      // Our own is right for us whatever the server knows: it is an older one, after a deploy was taken back.
      if (known !== 'ahead') return ready({ hash, state: known })
      return { kind: 'reset', reason: 'unknown', detail: `neither this build nor the server knows the schema ${hash}` }
  }
}

/** What is told of an error of asking or of applying what was answered. Anything else is a bug, or the database's end. */
export function problemOf(error: unknown): string {
  const isExpected =
    error instanceof SchemaUnreachableError || error instanceof SchemaAnswerError || error instanceof MigrationError
  if (!isExpected) throw error
  return error.message
}

function ready(schema: Pick<SchemaStatus, 'hash' | 'state'> & Partial<SchemaStatus>): SchemaOutcome {
  return { kind: 'ready', schema: { isOutdated: false, problem: null, ...schema } }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
