import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { NewEntry } from './entry/entry.ts'
import type { Outbox } from './outbox.ts'
import { EntryStore } from './store/entry-store.ts'
import { OPEN_WITHIN_MS, STORE_VERSION, storeName } from './store/open-store.ts'
import { phaseOf } from './sync-state.ts'
import { createHarness, type Harness, someLead } from './testing/harness.ts'
import { entryOfVersion1, makeStoreOfVersion1, withRawStore } from './testing/raw-store.ts'

let device: Harness
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  outbox = device.open()
})

afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await outbox.close()
})

const enqueueOffline = (...writes: NewEntry[]) => device.enqueueOffline(outbox, ...writes)

/** Lets the puts that `isRefused` names end their transaction as a full disk does. */
function fillDisk(isRefused: (store: string, value: unknown) => boolean) {
  const real = IDBObjectStore.prototype.put
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (isRefused(this.name, value)) throw new DOMException('The disk is full.', 'QuotaExceededError')
    return key === undefined ? real.call(this, value) : real.call(this, value, key)
  })
}

/** A request as a broken disk answers it: not at all. */
const neverAnswering = (): IDBOpenDBRequest =>
  Object.create(IDBOpenDBRequest.prototype, { addEventListener: { value: () => {} } })

const stateOf = (value: unknown) => (value as { state?: { kind?: string } }).state?.kind

describe('a full disk', () => {
  test.each(['entries', 'contents', 'keys', 'meta'])(
    'that refuses %s leaves nothing half-written, and says so',
    async (name) => {
      const disk = fillDisk((store) => store === name)
      await expect(outbox.enqueue(someLead(), someLead())).rejects.toMatchObject({ reason: 'quota' })
      disk.mockRestore()
      expect(await outbox.readEntries()).toEqual([])
      expect(await withRawStore(device.queue, (database) => database.count('contents'))).toBe(0)
      await enqueueOffline(someLead())
      expect(outbox.getEntries()).toMatchObject([{ state: 'queued' }])
    },
  )

  test('costs a draft what was typed last, and nothing else', async () => {
    await outbox.saveDraft('f_form', { email: 'ada' })
    const disk = fillDisk((store) => store === 'drafts')
    await expect(outbox.saveDraft('f_form', { email: 'ada@' })).rejects.toMatchObject({ reason: 'quota' })
    disk.mockRestore()
    expect(await outbox.readDraft('f_form')).toEqual({ email: 'ada' })
  })

  test('does not keep what waits from being sent', async () => {
    await enqueueOffline(someLead())
    const disk = fillDisk((_store, value) => 'opIds' in (value as object))
    expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
    disk.mockRestore()
    expect(device.server.applied.size).toBe(1)
    expect(outbox.getEntries()).toMatchObject([{ state: 'delivered' }])
  })

  test('that takes no answer keeps the entry, which settles as a duplicate when there is room', async () => {
    await enqueueOffline(someLead())
    const disk = fillDisk((_store, value) => stateOf(value) === 'delivered')
    expect(await outbox.flush({ urgency: 'now' })).toBeUndefined()
    disk.mockRestore()
    expect(await outbox.readEntries()).toMatchObject([{ state: 'sending' }])
    expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
    expect(device.server.applied.size).toBe(1)
    expect(outbox.getEntries()).toMatchObject([{ state: 'delivered' }])
  })
})

describe('a drain that dies', () => {
  /** Every transaction from the n-th on fails, as after a kill. */
  function dieAfter(transactions: number) {
    const real = IDBDatabase.prototype.transaction
    let left = transactions
    return vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      left -= 1
      if (left < 0) throw new DOMException('killed', 'AbortError')
      return real.apply(this, args)
    })
  }

  test('at whatever step is taken up by the next, and every lead arrives once', async () => {
    for (let step = 0; step < 16; step += 1) {
      device = createHarness()
      outbox = device.open()
      const views = await enqueueOffline(someLead('one'), someLead('two'))
      const death = dieAfter(step)
      await outbox.flush({ urgency: 'now' })
      death.mockRestore()
      const heir = device.open()
      expect(await heir.flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
      expect([...device.server.applied.keys()].sort()).toEqual(views.map(({ opId }) => opId).sort())
      expect(heir.getEntries().map(({ state }) => state)).toEqual(['delivered', 'delivered'])
      expect(await withRawStore(device.queue, (database) => database.count('contents'))).toBe(0)
      await Promise.all([heir.close(), outbox.close()])
    }
  })
})

describe('versions of the store', () => {
  test('a tab of the old one gives way', async () => {
    await makeStoreOfVersion1(device.queue, { entries: [entryOfVersion1('a', 'Ada')] })
    const old = await openDB(storeName(device.queue), 1, {
      blocking: (_now, _next, event) => (event.target as IDBDatabase).close(),
    })
    expect(await outbox.readEntries()).toHaveLength(1)
    expect(() => old.transaction('entries')).toThrow()
  })

  test('a newer one that still has our stores is used as it is, and its own records are left alone', async () => {
    await enqueueOffline(someLead('ours'), someLead('theirs'))
    await outbox.close()
    const newer = await openDB(storeName(device.queue), STORE_VERSION + 1, {
      upgrade: (database) => void database.createObjectStore('attachments'),
    })
    const [, theirs] = await newer.getAll('entries')
    await newer.put('entries', { ...theirs, layout: 3, more: true })
    newer.close()
    outbox = device.open()
    await outbox.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(1)
    expect(outbox.getState()).toMatchObject({ pending: 0, quarantined: 0 })
    expect(await withRawStore(device.queue, (database) => database.get('entries', theirs.opId))).toMatchObject({
      layout: 3,
    })
  })

  test('an upgrade that the disk has no room for leaves the old one whole', async () => {
    await makeStoreOfVersion1(device.queue, { entries: [entryOfVersion1('a', 'Ada'), entryOfVersion1('b', 'Bob')] })
    const disk = fillDisk((store, value) => store === 'contents' && JSON.stringify(value).includes('Bob'))
    await expect(outbox.readEntries()).rejects.toMatchObject({ reason: 'quota' })
    disk.mockRestore()
    await outbox.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(2)
    expect(outbox.getState().quarantined).toBe(0)
  })

  test('a newer one that has them no longer is left alone, and says so', async () => {
    const newer = await openDB(storeName(device.queue), STORE_VERSION + 1, {
      upgrade: (database) => void database.createObjectStore('everything-is-different'),
    })
    newer.close()
    await expect(outbox.enqueue(someLead())).rejects.toMatchObject({ name: 'OutboxUnavailableError', reason: 'newer' })
  })
})

describe('a store that goes away under us', () => {
  test('is made anew when it was deleted', async () => {
    await enqueueOffline(someLead())
    await new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(storeName(device.queue))
      deleting.onsuccess = resolve
      deleting.onerror = reject
    })
    await enqueueOffline(someLead('after'))
    expect(outbox.getEntries()).toHaveLength(1)
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getEntries()).toMatchObject([{ state: 'delivered' }])
  })

  test('that never answers is given up after a while, and asked again at the next use', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const open = vi.spyOn(indexedDB, 'open').mockImplementationOnce(neverAnswering)
    const saving = expect(outbox.enqueue(someLead())).rejects.toMatchObject({ reason: 'failed' })
    await vi.advanceTimersByTimeAsync(OPEN_WITHIN_MS)
    await saving
    vi.useRealTimers()
    open.mockRestore()
    await expect(outbox.enqueue(someLead())).resolves.toHaveLength(1)
  })

  test('fails a flush without a word to the caller, and is asked less and less often', async () => {
    await enqueueOffline(someLead())
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('broken', 'UnknownError')
    })
    await expect(outbox.flush({ urgency: 'now' })).resolves.toBeUndefined()
    expect(outbox.getState().pending).toBe(1)
  })
})

test('what nobody answered for is not counted as read by a reader that came late', async () => {
  const store = new EntryStore(device.queue)
  await enqueueOffline(someLead())
  const { revision } = await store.snapshot()
  expect((await store.snapshot(revision)).entries).toBeUndefined()
  await outbox.flush({ urgency: 'now' })
  const after = await store.snapshot(revision)
  expect(after.revision).toBeGreaterThan(revision)
  expect(after.entries).toMatchObject([{ state: { kind: 'delivered' } }])
  await store.close()
})

describe('a store that the browser deletes under an open page', () => {
  const deleteStore = () =>
    new Promise((resolve) => {
      indexedDB.deleteDatabase(storeName(device.queue)).onsuccess = resolve
    })

  test('takes what waited along, and the page says how much', async () => {
    await outbox.enqueue(someLead('delivered'))
    await outbox.flush()
    await enqueueOffline(someLead('one'), someLead('two'))
    await deleteStore()
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getState()).toMatchObject({ pending: 0, lost: 2 })
    expect(phaseOf(outbox.getState())).toBe('error')
  })

  test('does not count what a person let go of elsewhere', async () => {
    device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'malformed' })
    const [letter] = await outbox.enqueue(someLead())
    await outbox.flush()
    const otherTab = device.open()
    await otherTab.discard(letter?.opId ?? '')
    await otherTab.close()
    await outbox.flush()
    expect(outbox.getState()).toMatchObject({ dead: 0, lost: 0 })
  })
})
