import * as z from 'zod'
import { CHAIN_ROOT, ChainHashError, verifyHashes } from './chain-hash.ts'
import { type Migration, migrationHash, rewriteSpec } from './migration.ts'

/** More would not be a change of a schema but something else that answers in the server's place. */
export const ANSWER_LIMITS = { bytes: 2 * 1024 * 1024, migrations: 200 }

const additive = z.strictObject({
  name: z.string().max(80),
  kind: z.literal('additive'),
  hash: migrationHash,
  sql: z.string().min(1),
})

const head = { head: migrationHash }

/** Answer of `GET /api/local-schema?hash=<hash>`, by what the server knows of that hash. */
export const schemaAnswer = z.discriminatedUnion('status', [
  /** It is the server's own. */
  z.object({ ...head, status: z.literal('current') }),
  /** These lead from it to the server's. */
  z.object({
    ...head,
    status: z.literal('behind'),
    migrations: z.array(additive).min(1).max(ANSWER_LIMITS.migrations),
  }),
  /** Only a new database leads to the server's, and operations that were never sent are rewritten by these, in order. */
  z.object({ ...head, status: z.literal('reset'), operations: z.array(rewriteSpec) }),
  /** The server never had it. */
  z.object({ ...head, status: z.literal('unknown') }),
])
export type SchemaAnswer = z.output<typeof schemaAnswer>

/** What the server says about a schema that has the hash. `chain` is the server's own. */
export function answerForHash(chain: readonly Migration[], hash: string): SchemaAnswer {
  const head = chain.at(-1)?.hash ?? CHAIN_ROOT
  const place = chain.findIndex((migration) => migration.hash === hash)
  if (place < 0) return { head, status: 'unknown' }
  const missing = chain.slice(place + 1)
  if (missing.length === 0) return { head, status: 'current' }
  const migrations = missing.filter((migration) => migration.kind === 'additive')
  if (migrations.length < missing.length) {
    const resets = missing.filter((migration) => migration.kind === 'reset')
    return { head, status: 'reset', operations: resets.map(({ operations }) => operations) }
  }
  return {
    head,
    status: 'behind',
    migrations: migrations.map(({ name, kind, hash, sql }) => ({ name, kind, hash, sql })),
  }
}

/** The server, or something in its place, answered what can't be used. Nothing was changed. */
export class SchemaAnswerError extends Error {
  override name = 'SchemaAnswerError'
}

/**
 * Reads an answer about `hash`. The hashes prove that it is whole and belongs to what is there. They don't prove who sent
 * it: that is the origin's certificate, as for the scripts that read it.
 *
 * @throws SchemaAnswerError
 */
export async function readSchemaAnswer(text: string, hash: string): Promise<SchemaAnswer> {
  if (text.length > ANSWER_LIMITS.bytes)
    throw new SchemaAnswerError(`The answer about the schema has more than ${ANSWER_LIMITS.bytes} bytes.`)
  const parsed = schemaAnswer.safeParse(parseJson(text))
  if (!parsed.success) {
    throw new SchemaAnswerError(`The answer about the schema is malformed: ${z.prettifyError(parsed.error)}`)
  }
  const answer = parsed.data
  if (answer.status === 'current' && answer.head !== hash)
    throw new SchemaAnswerError('The answer calls a schema current that is not its own.')
  if (answer.status !== 'behind') return answer
  try {
    await verifyHashes(hash, answer.migrations)
  } catch (cause) {
    if (cause instanceof ChainHashError) throw new SchemaAnswerError(cause.message, { cause })
    throw cause
  }
  if (answer.migrations.at(-1)?.hash !== answer.head)
    throw new SchemaAnswerError('The migrations of the answer do not lead to its head.')
  return answer
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SchemaAnswerError('The answer about the schema is not JSON.')
  }
}
