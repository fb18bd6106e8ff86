import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pid, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { LocalDbAsset, LocalDbManifest } from '../assets/manifest.ts'
import { readLocalSchema } from '../schema/read-local-schema.ts'
import { buildSeed } from './build-seed.ts'
import { bundleWorker } from './bundle-worker.ts'
import { contentHash } from './content-hash.ts'
import { hashInputs } from './hash-inputs.ts'
import { precompress } from './precompress.ts'

const packageRoot = fileURLToPath(new URL('../../', import.meta.url))
const distDirectory = join(packageRoot, 'dist')
const cacheDirectory = join(packageRoot, 'node_modules/.cache/landfall-local-db')

const startedAt = performance.now()
const pgliteDist = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))
const pgliteVersion: string = JSON.parse(await readFile(join(pgliteDist, '../package.json'), 'utf8')).version
const schemaSql = await readLocalSchema()
const schemaHash = contentHash(schemaSql)
const inputsHash = await hashInputs(packageRoot)

if (await isBuilt()) {
  stdout.write('local-db: nothing changed since the last build\n')
} else {
  await build()
  stdout.write(`local-db: built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
}

async function isBuilt(): Promise<boolean> {
  try {
    const manifest: LocalDbManifest = JSON.parse(await readFile(join(distDirectory, 'manifest.json'), 'utf8'))
    if (manifest.inputsHash !== inputsHash) return false
    return manifest.files.every((file) =>
      ['', '.br', '.gz'].every((suffix) => existsSync(join(distDirectory, 'assets', file.name + suffix))),
    )
  } catch {
    return false
  }
}

async function build(): Promise<void> {
  // Written beside and moved into place: a server that runs on the last build never sees half of the next.
  const draft = join(cacheDirectory, `draft-${pid}`)
  await rm(draft, { recursive: true, force: true })
  await mkdir(join(draft, 'assets'), { recursive: true })

  const files: LocalDbAsset[] = []
  async function emit(stem: string, extension: string, contentType: string, content: Uint8Array): Promise<string> {
    const name = `${stem}-${contentHash(content).slice(0, 12)}.${extension}`
    const { br, gz } = await precompress(content, cacheDirectory)
    const path = join(draft, 'assets', name)
    await Promise.all([writeFile(path, content), writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
    files.push({ name, bytes: content.byteLength, contentType })
    return name
  }

  const imageId = `pglite-${pgliteVersion}-schema-${schemaHash.slice(0, 16)}`
  const [wasm, data, seed] = await Promise.all([
    readFile(join(pgliteDist, 'pglite.wasm')).then((bytes) =>
      emit(`pglite-${pgliteVersion}`, 'wasm', 'application/wasm', bytes),
    ),
    readFile(join(pgliteDist, 'pglite.data')).then((bytes) =>
      emit(`pglite-${pgliteVersion}`, 'data', 'application/octet-stream', bytes),
    ),
    buildSeed(schemaSql, imageId).then((bytes) => emit(`seed-${imageId}`, 'tar', 'application/x-tar', bytes)),
  ])
  const worker = await emit(
    'local-db-worker',
    'js',
    'text/javascript; charset=utf-8',
    await bundleWorker({ wasm, data, seed, imageId }),
  )

  const manifest: LocalDbManifest = { worker, files, schemaHash, pgliteVersion, inputsHash }
  await writeFile(join(draft, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await rm(distDirectory, { recursive: true, force: true })
  await rename(draft, distDirectory)
}
