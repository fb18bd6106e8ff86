import { cp, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { cleanUp } from '../testing/clean-up.ts'
import { eventually } from '../testing/eventually.ts'
import { openTestStorage } from '../testing/test-storage.ts'
import type { ShapeFolder } from './shape-folder.ts'
import { openShapeStorage } from './shape-storage.ts'

const IDENTITY = { systemIdentifier: '1', databaseOid: 1, slotName: 'slot', timeline: 1 }
const line = (lsn: bigint, isLast = true, size = 10) => ({
  offset: { lsn, op: 0 },
  json: `{"m":"${'x'.repeat(size)}"}`,
  isLast,
})

async function folderOf(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'landfall-storage-'))
  cleanUp(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function keptStorage() {
  const dir = await folderOf()
  const storage = await openTestStorage({ dir })
  await storage.adopt(IDENTITY, 100n)
  const failures: unknown[] = []
  /** A shape with an empty snapshot. */
  const createShape = async (handle: string): Promise<ShapeFolder> => {
    const folder = storage.create(handle, (error) => {
      failures.push(error)
      folder.remove()
    })
    await (await folder.startSnapshot()).finish('{"m":"end"}')
    return folder
  }
  return { dir, storage, failures, createShape }
}

/** What a server that is killed now would leave, read by another one. */
async function readLeft(dir: string) {
  const copy = await folderOf()
  await cp(dir, copy, { recursive: true })
  await rm(join(copy, 'lock'), { force: true })
  const storage = await openShapeStorage({ dir: copy, log: () => {} })
  cleanUp(() => storage.close())
  const stored = await storage.readStored()
  return { position: storage.position, handles: stored.map(({ folder }) => folder.handle).sort(), stored }
}

test('a flush makes durable what it says, and what was not flushed is not counted on', async () => {
  const { dir, storage, createShape } = await keptStorage()
  const folder = await createShape('1-1')
  folder.describe({ name: 'a' })
  folder.changes.append([line(110n)])
  await storage.flush(115n)
  const { position, stored } = await readLeft(dir)
  expect(position).toBe(115n)
  expect(stored.map(({ description, folder }) => [description, folder.changes.end])).toEqual([
    [{ name: 'a' }, { lsn: 110n, op: 0 }],
  ])
})

test('a flush looks only at the shapes that have changed since the last one', async () => {
  const { storage, createShape } = await keptStorage()
  const folders = await Promise.all(['1-1', '2-2', '3-3'].map(createShape))
  for (const folder of folders) folder.describe({})
  const syncs = folders.map((folder) => vi.spyOn(folder, 'sync'))
  const counts = () => syncs.map(({ mock }) => mock.calls.length)
  await storage.flush(110n)
  expect(counts()).toEqual([1, 1, 1])
  folders[0]?.changes.append([line(120n)])
  folders[1]?.changes.append([line(120n, false)])
  folders[1]?.changes.discardOpen()
  await storage.flush(120n)
  expect(counts()).toEqual([2, 2, 1])
  await storage.flush(130n)
  expect(counts()).toEqual([2, 2, 1])
})

test('a shape whose snapshot is not complete is not there after a crash', async () => {
  const { dir, storage, createShape } = await keptStorage()
  const folder = await createShape('1-1')
  folder.changes.append([line(110n)])
  await storage.flush(110n)
  expect((await readLeft(dir)).handles).toEqual([])
})

test('the part of a transaction that is on disk does not count before its end', async () => {
  const { dir, storage, createShape } = await keptStorage()
  const folder = await createShape('1-1')
  folder.describe({})
  folder.changes.append([line(110n)])
  folder.changes.append([line(120n, false)])
  await storage.flush(110n)
  const { stored } = await readLeft(dir)
  expect(stored[0]?.folder.changes.end).toEqual({ lsn: 110n, op: 0 })
})

test('a shape that was given up does not come back, whatever was flushed of it', async () => {
  const { dir, storage, createShape } = await keptStorage()
  const [first, second] = [await createShape('1-1'), await createShape('1-2')]
  first.describe({})
  second.describe({})
  await storage.flush(101n)
  // As long as somebody reads it its files are there.
  const reading = first.read(first.snapshot.read(0))
  await reading.next()
  first.remove()
  await storage.flush(102n)
  expect(await readLeft(dir)).toMatchObject({ position: 102n, handles: ['1-2'] })
  await reading.return(undefined)
  await eventually(async () => expect(await readdir(join(dir, 'shapes'))).toEqual(['1-2']))
})

test.each(['on disk', 'in memory'])(
  'whoever reads a shape that is given up can read it to its end: %s',
  async (place) => {
    const { storage, createShape } = await keptStorage()
    const folder = await createShape('1-1')
    for (let lsn = 110n; lsn < 120n; lsn += 1n) folder.changes.append([line(lsn, true, 100_000)])
    if (place === 'on disk') {
      folder.describe({})
      await storage.flush(120n)
    }
    const range = await folder.changes.findRange({ lsn: 0n, op: 0 }, 10_000_000)
    const pieces = folder.read(folder.changes.read(range))
    let size = (await pieces.next()).value?.length ?? 0
    folder.remove()
    for await (const piece of pieces) size += piece.length
    expect(size).toBe(range.end - range.start)
  },
)

test.runIf(process.platform === 'linux')('a full disk costs the shape that it concerns, and nobody else', async () => {
  const { dir, storage, failures, createShape } = await keptStorage()
  const [broken, other] = [await createShape('1-1'), await createShape('1-2')]
  await symlink('/dev/full', broken.changes.path)
  for (const folder of [broken, other]) {
    folder.describe({})
    folder.changes.append([line(110n)])
  }
  await storage.flush(110n)
  expect(failures).toEqual([expect.objectContaining({ code: 'ENOSPC' })])
  expect(await readLeft(dir)).toMatchObject({ position: 110n, handles: ['1-2'] })
  // Nothing waits for a log that is gone.
  expect(storage.pendingBytes).toBe(0)
})

test.runIf(process.platform === 'linux')('nothing is acknowledged while the disk takes nothing', async () => {
  const { dir, storage } = await keptStorage()
  await rm(join(dir, 'storage.json'))
  await symlink('/dev/full', join(dir, 'storage.json.next'))
  await expect(storage.flush(120n)).rejects.toThrow('ENOSPC')
  expect(storage.position).toBe(100n)
  await rm(join(dir, 'storage.json.next'))
  await storage.flush(120n)
  expect(storage.position).toBe(120n)
})

test('the latest parts of all logs share one budget, and what has gone from memory is read from disk', async () => {
  const dir = await folderOf()
  const storage = await openTestStorage({ dir, tailBytes: 100_000 })
  const folders = await Promise.all(
    ['1-1', '1-2', '1-3'].map(async (handle) => {
      const folder = storage.create(handle, () => {})
      await (await folder.startSnapshot()).finish('{}')
      return folder
    }),
  )
  for (let lsn = 1n; lsn <= 200n; lsn += 1n) {
    for (const { changes } of folders) changes.append([line(lsn, true, 1_000)])
    if (lsn % 20n === 0n) for (const { changes } of folders) await changes.sync()
  }
  const inMemory = folders.reduce((sum, { changes }) => sum + changes.tailBytes, 0)
  expect(inMemory).toBeLessThanOrEqual(100_000)
  for (const { changes } of folders) {
    const range = await changes.findRange({ lsn: 0n, op: 0 }, 10_000_000)
    let lines = 0
    for await (const piece of changes.read(range)) lines += piece.toString().split('\n').length - 1
    expect(lines).toBe(200)
  }
})

test('thousands of shapes need few open files', async () => {
  const { dir, storage } = await keptStorage()
  const folders = Array.from({ length: 1_000 }, (_, index) => storage.create(`1-${index}`, () => {}))
  for (const folder of folders) {
    await (await folder.startSnapshot()).finish('{}')
    folder.describe({})
    folder.changes.append([line(110n)])
  }
  await storage.flush(110n)
  expect(await readdir(join(dir, 'shapes'))).toHaveLength(1_000)
  if (process.platform === 'linux') expect((await readdir('/proc/self/fd')).length).toBeLessThan(500)
})

test.skipIf(process.platform === 'win32')('other users of the machine cannot read the rows', async () => {
  const { dir } = await keptStorage()
  expect((await stat(join(dir, 'shapes'))).mode & 0o777).toBe(0o700)
})
