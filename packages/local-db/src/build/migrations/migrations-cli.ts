import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stderr, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { ChainHashError } from '../../schema/chain/chain-hash.ts'
import type { Migration, RewriteSpec } from '../../schema/chain/migration.ts'
import { readLocalSchema } from '../../schema/read-local-schema.ts'
import { checkMigrations } from './check-migrations.ts'
import {
  MIGRATIONS_FOLDER,
  MigrationsFolderError,
  parseChainFile,
  readMigrations,
  writeMigrations,
} from './migrations-folder.ts'
import { ChainDiffersError, nextMigration } from './next-migration.ts'
import { releasedMigrations } from './released-migrations.ts'

const USAGE = `Usage: migrations-cli <command>

  generate [--name=<words>] [--rebase-local=<commit>]
      Continues the chain to the generated schema. With --rebase-local, what the commit does not have is written anew as one
      migration: for one's own branch after others have added migrations, or after completing the operations of a reset.
      Give the commit that was released last, never an older one.
  check [--released=<commit>]
      Fails unless every hash is right and the chain leads to the generated schema.
`

async function generate(words: string | undefined, rebaseOnto: string | undefined): Promise<void> {
  const { chain, operations } = rebaseOnto === undefined ? await presentChain() : await chainAt(rebaseOnto)
  const schemaSql = await readLocalSchema()
  const name = words ?? (chain.length === 0 ? 'initial' : 'schema')
  const { chain: next, added, reasons } = await nextMigration(chain, schemaSql, { words: name, operations })
  await writeMigrations(next)
  if (!added) {
    stdout.write('local migrations: nothing to add\n')
    return
  }
  stdout.write(`local migrations: wrote ${added.name} (${added.kind})\n`)
  if (added.kind === 'additive' || chain.length === 0) return
  stdout.write(
    `\nIt begins with a new database on every device, because:\n${reasons.map((reason) => `  - ${reason}\n`).join('')}
Operations that were never sent are kept. Where their form changes, say in chain.json how, e.g.
  "operations": { "note": { "rename": { "text": "body" }, "drop": ["mood"], "default": { "kind": "call" } }, "visit": "dropped" }
and run \`pnpm --filter @landfall/local-db db:generate --rebase-local=HEAD\`.\n`,
  )
}

interface ChainToContinue {
  chain: Migration[]
  operations?: RewriteSpec
}

async function presentChain(): Promise<ChainToContinue> {
  return { chain: existsSync(join(MIGRATIONS_FOLDER, 'chain.json')) ? await readMigrations() : [] }
}

/** The chain as of a commit, and what a person has written into the reset that goes. */
async function chainAt(commit: string): Promise<ChainToContinue> {
  await mkdir(MIGRATIONS_FOLDER, { recursive: true })
  const released = await releasedMigrations(commit)
  const chain = await Promise.all(
    released.map(async (entry) => ({
      ...entry,
      sql: await readFile(join(MIGRATIONS_FOLDER, `${entry.name}.sql`), 'utf8'),
    })),
  )
  const text = await readFile(join(MIGRATIONS_FOLDER, 'chain.json'), 'utf8').catch(() => null)
  const present = text === null ? [] : parseChainFile(text, 'chain.json')
  const going = present.slice(released.length).findLast((entry) => entry.kind === 'reset')
  return { chain, ...(going?.kind === 'reset' ? { operations: going.operations } : {}) }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { name: { type: 'string' }, 'rebase-local': { type: 'string' }, released: { type: 'string' } },
  })
  const [command, ...rest] = positionals
  if (rest.length > 0) throw new TypeError(`There is no argument "${rest[0]}".`)
  if (values.name !== undefined && !/^[a-z0-9_]{1,60}$/.test(values.name))
    throw new TypeError('A name has a-z, 0-9 and _ only.')
  switch (command) {
    case 'generate':
      return generate(values.name, values['rebase-local'])
    case 'check': {
      const released = values.released === undefined ? [] : await releasedMigrations(values.released)
      await checkMigrations({ schemaSql: await readLocalSchema(), released })
      stdout.write('local migrations: they lead to the generated schema\n')
      return
    }
    default:
      throw new TypeError(command === undefined ? 'Say what to do.' : `There is no command "${command}".`)
  }
}

try {
  await main()
} catch (error) {
  process.exitCode = 1
  if (error instanceof TypeError) stderr.write(`${error.message}\n\n${USAGE}`)
  else if (
    error instanceof MigrationsFolderError ||
    error instanceof ChainHashError ||
    error instanceof ChainDiffersError
  )
    stderr.write(`${error.message}\n`)
  else throw error
}
