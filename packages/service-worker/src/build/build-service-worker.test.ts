import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildServiceWorker } from './build-service-worker.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landfall-sw-test-'))
  await mkdir(join(folder, 'static', 'chunks'), { recursive: true })
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const built = () => buildServiceWorker({ staticDir: join(folder, 'static'), outFile: join(folder, 'sw.js') })

test('one file with the build’s scripts and styles to keep, and no typeface', async () => {
  await writeFile(join(folder, 'static', 'chunks', 'a1b2.js'), 'x')
  await writeFile(join(folder, 'static', 'chunks', 'c3d4.css'), 'x')
  await writeFile(join(folder, 'static', 'font.woff2'), 'x')
  expect(await built()).toMatchObject({ files: 2 })
  const text = await readFile(join(folder, 'sw.js'), 'utf8')
  expect(text).toContain('/_next/static/chunks/a1b2.js')
  expect(text).toContain('/_next/static/chunks/c3d4.css')
  expect(text).not.toContain('font.woff2')
  expect(text).not.toContain('__WB_MANIFEST')
})

test('a script too large to be kept stops the build instead of going missing offline', async () => {
  await writeFile(join(folder, 'static', 'huge.js'), 'x'.repeat(2 * 1024 * 1024))
  await expect(built()).rejects.toThrow(/huge\.js/)
})
