import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AssetsNotBuiltError } from './errors.ts'
import { localDbManifest, readLocalDbAsset } from './read-asset.ts'

describe('readLocalDbAsset', () => {
  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br;q=1.0, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip;q=0.0', undefined],
    ['', undefined],
    [null, undefined],
  ])('answers accept-encoding "%s" with %s', async (accepted, expected) => {
    const { worker } = await localDbManifest()
    expect((await readLocalDbAsset(worker, accepted))?.headers['content-encoding']).toBe(expected)
  })

  it('serves the same content in every encoding', async () => {
    const { worker, files } = await localDbManifest()
    const plain = await readLocalDbAsset(worker, null)
    const br = await readLocalDbAsset(worker, 'br')
    const gzip = await readLocalDbAsset(worker, 'gzip')
    expect(plain?.body.byteLength).toBe(files.find(({ name }) => name === worker)?.bytes)
    expect(brotliDecompressSync(br?.body ?? '').equals(plain?.body ?? new Uint8Array())).toBe(true)
    expect(gunzipSync(gzip?.body ?? '').equals(plain?.body ?? new Uint8Array())).toBe(true)
  })

  it('lets a browser keep a file for ever, but not mix up its encodings', async () => {
    const { worker } = await localDbManifest()
    expect((await readLocalDbAsset(worker, 'br'))?.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
    })
  })

  it('types wasm so that it compiles while it loads', async () => {
    const { files } = await localDbManifest()
    const wasm = files.find(({ name }) => name.endsWith('.wasm'))
    expect((await readLocalDbAsset(wasm?.name ?? '', 'br'))?.headers['content-type']).toBe('application/wasm')
  })

  it.each(['manifest.json', '../manifest.json', '../../package.json', '', 'unknown.js'])(
    'refuses the name "%s", which the manifest does not hold',
    async (name) => {
      expect(await readLocalDbAsset(name, 'br')).toBeUndefined()
    },
  )

  it('says how to build when nothing was built', async () => {
    await expect(readLocalDbAsset('x', null, '/nonexistent')).rejects.toThrow(AssetsNotBuiltError)
    await expect(localDbManifest('/nonexistent')).rejects.toThrow(/run `pnpm/i)
  })
})
