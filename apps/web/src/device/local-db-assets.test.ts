import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { localDbManifest, readLocalDbAsset } from '@landfall/local-db/assets'
import { expect, it } from 'vitest'
import { localDbAssets } from './local-db-assets.ts'

it('lets a device keep everything that an opening without a network needs, the seed among it', async () => {
  const assets = await localDbAssets()
  const { files, worker } = await localDbManifest()
  expect(assets?.paths).toEqual(files.map(({ name }) => `/assets/local-db/${name}`))
  expect(assets?.paths).toContain(assets?.workerPath)
  for (const kind of [/^seed-.*\.tar$/, /^pglite-.*\.wasm$/, /^pglite-.*\.data$/, new RegExp(`^${worker}$`)])
    expect(files.filter(({ name }) => kind.test(name))).toHaveLength(1)
})

it('serves every one of them compressed, under the hash of its content', async () => {
  for (const { name } of (await localDbManifest()).files) {
    expect(name).toMatch(/-[0-9a-f]{12}\.(js|wasm|data|tar)$/)
    const answer = await readLocalDbAsset(name, 'gzip, br')
    expect(answer?.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': expect.stringMatching(/immutable/),
    })
  }
})

it('has nothing built that it does not name', async () => {
  const { files } = await localDbManifest()
  const built = await readdir(join(import.meta.dirname, '../../../../packages/local-db/dist/assets'))
  expect(built.sort()).toEqual(files.flatMap(({ name }) => [name, `${name}.br`, `${name}.gz`]).sort())
})
