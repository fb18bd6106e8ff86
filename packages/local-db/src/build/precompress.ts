import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pid } from 'node:process'
import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'
import { contentHash } from './content-hash.ts'

/** 11 would save another 12 % and take fifteen times as long: 20 s for PGlite's wasm alone. */
const BROTLI_QUALITY = 9
const BROTLI_WINDOW_BITS = 24

const brotliAsync = promisify(brotliCompress)
const gzipAsync = promisify(gzip)

export interface Compressed {
  br: Uint8Array
  gz: Uint8Array
}

/** Compresses once a content: PGlite's files change with its version only. */
export async function precompress(content: Uint8Array, cacheDirectory: string): Promise<Compressed> {
  const key = join(cacheDirectory, `${contentHash(content)}-q${BROTLI_QUALITY}`)
  const [br, gz] = await Promise.all([
    cached(`${key}.br`, () =>
      brotliAsync(content, {
        params: {
          [zlib.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [zlib.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
          [zlib.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
        },
      }),
    ),
    cached(`${key}.gz`, () => gzipAsync(content, { level: 9 })),
  ])
  return { br, gz }
}

async function cached(path: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  if (existsSync(path)) return readFile(path)
  const made = await make()
  await mkdir(join(path, '..'), { recursive: true })
  // Renamed into place, so that an interrupted build leaves no half file behind.
  const draft = `${path}.${pid}`
  await writeFile(draft, made)
  await rename(draft, path)
  return made
}
