import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Migration, migrationHash } from '../schema/chain/migration.ts'
import { answerForHash, type SchemaAnswer } from '../schema/chain/schema-answer.ts'
import { localDbAssetDirectory } from './asset-directory.ts'
import { AssetsNotBuiltError } from './errors.ts'

export interface LocalSchemaAnswer {
  body: SchemaAnswer
  /** Changes with every migration, and with nothing else. */
  etag: string
}

/** The query of a question about the local schema is not one. */
export class LocalSchemaQueryError extends Error {
  override name = 'LocalSchemaQueryError'
}

const chains = new Map<string, Promise<Migration[]>>()

/**
 * What this server says of a device's schema, from the chain of the last build. It reads nothing of a tenant and nothing of
 * a person: the schema is the same for all.
 *
 * @param query as received: one `hash`, 64 hex digits in lower case
 * @throws LocalSchemaQueryError, AssetsNotBuiltError
 */
export async function localSchemaAnswer(
  query: URLSearchParams,
  directory = localDbAssetDirectory(),
): Promise<LocalSchemaAnswer> {
  const unknown = [...query.keys()].filter((name) => name !== 'hash')
  if (unknown.length > 0) throw new LocalSchemaQueryError('There is no other parameter than "hash".')
  const given = query.getAll('hash')
  const hash = migrationHash.safeParse(given[0])
  if (given.length !== 1 || !hash.success)
    throw new LocalSchemaQueryError('"hash" must stand once, as 64 hexadecimal digits in lower case.')
  const body = answerForHash(await readChain(directory), hash.data)
  return { body, etag: `"${body.head.slice(0, 32)}-${hash.data.slice(0, 32)}"` }
}

function readChain(directory: string): Promise<Migration[]> {
  let chain = chains.get(directory)
  if (!chain) {
    chain = readFile(join(directory, 'schema-chain.json'), 'utf8').then(
      (text) => JSON.parse(text) as Migration[],
      (cause: unknown) => {
        throw new AssetsNotBuiltError(directory, { cause })
      },
    )
    chains.set(directory, chain)
    // A server that was started before the build must find it afterwards.
    chain.catch(() => chains.delete(directory))
  }
  return chain
}
