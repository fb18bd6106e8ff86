import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OverloadError } from '../overload-error.ts'
import { cleanUp } from '../testing/clean-up.ts'
import { SpoolFullError } from './spool.ts'
import { Spools } from './spools.ts'

const PIECE = Buffer.alloc(300_000, 'x')
const LARGE = 5

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'landfall-spools-'))
  cleanUp(() => rm(path, { recursive: true, force: true }))
  return path
}

async function write(spool: ReturnType<Spools['create']>, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await spool.write(Buffer.concat([PIECE, Buffer.from(`${index}`)]))
}

test('little stays in memory', async () => {
  const spools = await Spools.open(await folder())
  const spool = spools.create('memory')
  await spool.write(Buffer.from('a'))
  await spool.write(Buffer.from('b'))
  expect([await spool.finish(), spool.size, spools.files]).toEqual([Buffer.from('ab'), 2, 0])
  await spool.close()
})

test('much is read from a file that has no name, and is gone when it is closed', async () => {
  const path = await folder()
  const spools = await Spools.open(path)
  const spool = spools.create('file')
  await write(spool, LARGE)
  expect([await readdir(path), spools.files]).toEqual([[], 1])
  const pieces: Buffer[] = []
  for await (const piece of (await spool.finish()) as AsyncIterable<Buffer>) pieces.push(piece)
  const expected = Buffer.concat(Array.from({ length: LARGE }, (_, index) => [PIECE, Buffer.from(`${index}`)]).flat())
  expect(Buffer.concat(pieces).equals(expected)).toBe(true)
  expect(spool.size).toBe(expected.length)
  await Promise.all([spool.close(), spool.close()])
  expect(spools.files).toBe(0)
})

test('reading ends when the spool is closed', async () => {
  const spools = await Spools.open(await folder())
  const spool = spools.create('file')
  await write(spool, LARGE)
  const pieces = (await spool.finish()) as AsyncGenerator<Buffer>
  expect((await pieces.next()).done).toBe(false)
  await spool.close()
  expect((await pieces.next()).done).toBe(true)
})

test('much is refused where memory is all there is', async () => {
  const spool = (await Spools.open(await folder())).create('memory')
  await expect(write(spool, LARGE)).rejects.toBeInstanceOf(SpoolFullError)
  await spool.close()
})

test('beyond so many files the next one is refused', async () => {
  const spools = await Spools.open(await folder(), 1)
  const [first, second, third] = [spools.create('file'), spools.create('file'), spools.create('file')]
  await write(first, LARGE)
  await expect(write(second, LARGE)).rejects.toBeInstanceOf(OverloadError)
  await second.close()
  await first.close()
  await write(third, LARGE)
  await third.close()
  expect(spools.files).toBe(0)
})

test('what a killed server has left is removed', async () => {
  const path = await folder()
  await writeFile(join(path, 'spool-1'), 'rows')
  await Spools.open(path)
  expect(await readdir(path)).toEqual([])
})
