import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { argv, pid, stderr, stdout } from 'node:process'
import type { LocalDbAsset, LocalDbManifest } from '../assets/manifest.ts'
import { ChainHashError } from '../schema/chain/chain-hash.ts'
import type { Migration } from '../schema/chain/migration.ts'
import { ownChain } from '../schema/chain/own-chain.ts'
import type { WorkerAssets } from '../worker/worker-assets.ts'
import { CACHE_DIRECTORY, PACKAGE_ROOT, readBuildOptions } from './build-options.ts'
import { buildSeed } from './build-seed.ts'
import { bundleWorker } from './bundle-worker.ts'
import { checkSeed, SeedError } from './check-seed.ts'
import { contentHash } from './content-hash.ts'
import { hashInputs } from './hash-inputs.ts'
import { MigrationsFolderError, readMigrations, resetsOf } from './migrations/migrations-folder.ts'
import { assertLeadsToSchema, ChainDiffersError } from './migrations/next-migration.ts'
import { precompress } from './precompress.ts'

const startedAt = performance.now()
const options = readBuildOptions(argv.slice(2))
const pgliteDist = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))

try {
  const schemaSql = await readFile(options.schema, 'utf8')
  const chain = await readMigrations(options.migrations)
  const inputsHash = await hashInputs(PACKAGE_ROOT, schemaSql, JSON.stringify(chain))
  if (await isBuilt(inputsHash)) {
    stdout.write('local-db: nothing changed since the last build\n')
  } else {
    await build(chain, schemaSql, inputsHash)
    stdout.write(`local-db: built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
  }
} catch (error) {
  if (!isBroken(error)) throw error
  stderr.write(`local-db: ${error.message}\n`)
  process.exitCode = 1
}

/** What a person has to mend, and needs no stack for. */
function isBroken(error: unknown): error is Error {
  return [MigrationsFolderError, ChainHashError, ChainDiffersError, SeedError].some((kind) => error instanceof kind)
}

async function isBuilt(inputsHash: string): Promise<boolean> {
  try {
    const manifest: LocalDbManifest = JSON.parse(await readFile(join(options.out, 'manifest.json'), 'utf8'))
    if (manifest.inputsHash !== inputsHash) return false
    return manifest.files.every((file) =>
      ['', '.br', '.gz'].every((suffix) => existsSync(join(options.out, 'assets', file.name + suffix))),
    )
  } catch {
    return false
  }
}

async function build(chain: readonly Migration[], schemaSql: string, inputsHash: string): Promise<void> {
  const pgliteVersion: string = JSON.parse(await readFile(join(pgliteDist, '../package.json'), 'utf8')).version
  await assertLeadsToSchema(chain, schemaSql)
  const seed = await buildSeed(chain, pgliteVersion)
  await checkSeed(seed, chain)

  // Written beside and moved into place: a server that runs on the last build never sees half of the next.
  const draft = join(CACHE_DIRECTORY, `draft-${pid}`)
  await rm(draft, { recursive: true, force: true })
  await mkdir(join(draft, 'assets'), { recursive: true })

  const files: LocalDbAsset[] = []
  async function emit(stem: string, extension: string, contentType: string, content: Uint8Array): Promise<string> {
    const name = `${stem}-${contentHash(content).slice(0, 12)}.${extension}`
    const { br, gz } = await precompress(content, CACHE_DIRECTORY)
    const path = join(draft, 'assets', name)
    await Promise.all([writeFile(path, content), writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
    files.push({ name, bytes: content.byteLength, contentType })
    return name
  }

  const [wasmName, dataName, seedName] = await Promise.all([
    readFile(join(pgliteDist, 'pglite.wasm')).then((bytes) =>
      emit(`pglite-${pgliteVersion}`, 'wasm', 'application/wasm', bytes),
    ),
    readFile(join(pgliteDist, 'pglite.data')).then((bytes) =>
      emit(`pglite-${pgliteVersion}`, 'data', 'application/octet-stream', bytes),
    ),
    emit(`seed-${seed.engineId}`, 'tar', 'application/x-tar', seed.image),
  ])
  const assets: WorkerAssets = {
    wasm: wasmName,
    data: dataName,
    seed: seedName,
    engineId: seed.engineId,
    chain: ownChain(chain),
    resets: resetsOf(chain),
  }
  const worker = await emit('local-db-worker', 'js', 'text/javascript; charset=utf-8', await bundleWorker(assets))

  const schemaHash = chain.at(-1)?.hash ?? ''
  const manifest: LocalDbManifest = { worker, files, schemaHash, engineId: seed.engineId, inputsHash }
  await writeFile(join(draft, 'schema-chain.json'), JSON.stringify(chain))
  await writeFile(join(draft, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await rm(options.out, { recursive: true, force: true })
  await mkdir(dirname(options.out), { recursive: true })
  await rename(draft, options.out)
}
