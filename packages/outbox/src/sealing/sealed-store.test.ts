import { uuidv7 } from 'uuidv7'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { NewEntry } from '../entry/entry.ts'
import { newEntry } from '../entry/new-entry.ts'
import type { Outbox } from '../outbox.ts'
import { EntryStore } from '../store/entry-store.ts'
import { createHarness, type Harness, someLead } from '../testing/harness.ts'
import { dumpRawStore, entryOfVersion1, makeStoreOfVersion1, rawKeyIds, withRawStore } from '../testing/raw-store.ts'

/** Words that stand in no label, id or name of ours. */
const SECRET = 'Grace Hopper, grace@example.test'

let device: Harness
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  outbox = device.open()
})

afterEach(async () => {
  vi.restoreAllMocks()
  await outbox.close()
})

const enqueueOffline = (...writes: NewEntry[]) => device.enqueueOffline(outbox, ...writes)

describe('the disk', () => {
  test('holds nothing readable of what waits, is a draft or was rejected', async () => {
    await enqueueOffline(someLead(SECRET))
    await outbox.saveDraft('f_form', { email: SECRET })
    expect(await dumpRawStore(device.queue)).not.toContain('Grace')

    device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'malformed' })
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getState().dead).toBe(1)
    expect(await dumpRawStore(device.queue)).not.toContain('Grace')
    expect(await outbox.readDraft('f_form')).toEqual({ email: SECRET })
  })

  test('holds nothing of it after delivery, and not the key that sealed it', async () => {
    await enqueueOffline(someLead(SECRET))
    const before = await rawKeyIds(device.queue)
    await outbox.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(1)
    expect(await withRawStore(device.queue, (database) => database.count('contents'))).toBe(0)
    expect(await rawKeyIds(device.queue)).toEqual([])

    await enqueueOffline(someLead(SECRET))
    const after = await rawKeyIds(device.queue)
    expect(after).toHaveLength(1)
    expect(after).not.toEqual(before)
  })

  test('keeps the key while a draft, a dead letter or another lead needs it', async () => {
    await outbox.saveDraft('f_form', { email: SECRET })
    const [key] = await rawKeyIds(device.queue)
    await outbox.enqueue(someLead())
    await outbox.flush()
    expect(await rawKeyIds(device.queue)).toEqual([key])
    await outbox.deleteDraft('f_form')
    expect(await rawKeyIds(device.queue)).toEqual([])
  })

  test('keeps a member’s edit sealed too, for as long as lists show it', async () => {
    await outbox.close()
    outbox = device.open({ kind: 'member' })
    device.server.judge = (opId) => ({
      opId,
      outcome: 'conflict',
      txid: 3,
      version: 4,
      fields: ['status'],
      values: { status: { kept: SECRET, lost: `not ${SECRET}` } },
    })
    await outbox.enqueue({ ...someLead(), action: 'update', changes: { status: SECRET } })
    await outbox.flush()
    expect(outbox.getEntries()).toMatchObject([
      { state: 'delivered', version: 4, changes: { status: SECRET }, conflict: { status: { kept: SECRET } } },
    ])
    expect(await dumpRawStore(device.queue)).not.toContain('Grace')
  })

  test('keeps what was sent once a week is over no longer, and then no key', async () => {
    await outbox.enqueue({ ...someLead(), action: 'update', changes: { status: SECRET } })
    await outbox.flush()
    const store = new EntryStore(device.queue, { now: () => device.clock.nowMs })
    for (let day = 0; day < 10; day += 1) {
      await store.prune()
      device.clock.nowMs += 24 * 60 * 60 * 1_000
    }
    expect(await outbox.readEntries()).toMatchObject([{ state: 'delivered', changes: null }])
    expect(await rawKeyIds(device.queue)).toEqual([])
    await store.close()
  })
})

describe('the key', () => {
  test('cannot be read out', async () => {
    await outbox.saveDraft('f_form', {})
    const [{ key }] = await withRawStore(device.queue, (database) => database.getAll('keys'))
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
  })

  test('is one for tabs that begin at once', async () => {
    const others = Array.from({ length: 5 }, () => device.open())
    device.server.weather = Array.from({ length: 20 }, () => ({ kind: 'offline' as const }))
    await Promise.all(others.map((other, index) => other.enqueue(someLead(`lead ${index}`))))
    expect(await rawKeyIds(device.queue)).toHaveLength(1)
    const entries = await outbox.readEntries()
    const payloads = await Promise.all(entries.map(({ opId }) => outbox.payloadOf(opId)))
    const written = Array.from({ length: 5 }, (_, index) => ({ values: { name: `lead ${index}` } }))
    expect(payloads).toEqual(expect.arrayContaining(written))
    await Promise.all(others.map((other) => other.close()))
  })

  test('that another tab has shredded seals nothing any more', async () => {
    await outbox.saveDraft('f_form', {})
    const [old] = await rawKeyIds(device.queue)
    const other = device.open()
    await other.deleteDraft('f_form')
    await enqueueOffline(someLead(SECRET))
    expect(await rawKeyIds(device.queue)).not.toContain(old)
    expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
    expect(device.server.applied.size).toBe(1)
    await other.close()
  })

  test('is replaced again and again under writers, and no write is lost', async () => {
    const tabs = [outbox, device.open(), device.open()]
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const tab = tabs[index % 3] as Outbox
        await tab.enqueue(someLead(`lead ${index}`))
        await tab.flush({ urgency: 'now' })
      }),
    )
    expect(device.server.applied.size).toBe(30)
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getState()).toMatchObject({ pending: 0, dead: 0, quarantined: 0 })
    await Promise.all(tabs.slice(1).map((tab) => tab.close()))
  })

  test('that the browser keeps none of leaves the outbox working, in plain', async () => {
    vi.spyOn(crypto.subtle, 'generateKey').mockResolvedValue({ notA: () => 'key' } as unknown as CryptoKey)
    vi.spyOn(crypto.subtle, 'encrypt').mockResolvedValue(new ArrayBuffer(3))
    await enqueueOffline(someLead('Ada'))
    await outbox.flush({ urgency: 'now' })
    expect(device.server.requests.at(-1)?.operations[0]?.payload).toEqual({ values: { name: 'Ada' } })
  })

  test('is done without where there is no WebCrypto, and used as soon as there is', async () => {
    const subtle = vi.spyOn(crypto, 'subtle', 'get').mockReturnValue(undefined as unknown as SubtleCrypto)
    await enqueueOffline(someLead(SECRET))
    expect(await dumpRawStore(device.queue)).toContain('Grace')
    subtle.mockRestore()
    const store = new EntryStore(device.queue)
    await store.whenSealed()
    expect(await dumpRawStore(device.queue)).not.toContain('Grace')
    await outbox.flush({ urgency: 'now' })
    expect(device.server.requests.at(-1)?.operations[0]?.payload).toEqual({ values: { name: SECRET } })
    await store.close()
  })
})

describe('a store of version 1', () => {
  test('is brought over with everything in it, sealed, and delivered in its order', async () => {
    const [first, second] = [uuidv7(), uuidv7()]
    await makeStoreOfVersion1(device.queue, {
      entries: [entryOfVersion1(first, SECRET), entryOfVersion1(second, `${SECRET} II`)],
      drafts: { f_form: { values: { email: SECRET }, savedAtMs: device.clock.nowMs } },
    })
    const store = new EntryStore(device.queue)
    await store.whenSealed()
    expect(await dumpRawStore(device.queue)).not.toContain('Grace')
    expect(await store.readLog()).toMatchObject([{ kind: 'sealed-upgrade', count: 3 }])
    await store.close()

    expect(await outbox.readDraft('f_form')).toEqual({ email: SECRET })
    await outbox.flush({ urgency: 'now' })
    expect(device.server.requests.flatMap(({ operations }) => operations.map(({ opId }) => opId))).toEqual([
      first,
      second,
    ])
    expect(device.server.requests[0]?.operations[0]?.payload).toEqual({ values: { name: SECRET } })
  })

  test('keeps its dead letters, its delivered ones and a member’s edits', async () => {
    const [dead, delivered] = [uuidv7(), uuidv7()]
    await makeStoreOfVersion1(device.queue, {
      entries: [
        entryOfVersion1(dead, SECRET, {
          state: { kind: 'dead', atMs: 1, reason: 'malformed', fields: null, detail: null },
        }),
        entryOfVersion1(delivered, '', {
          payload: null,
          changes: { status: 'won' },
          state: { kind: 'delivered', atMs: 2, outcome: 'applied', txid: 1, version: 1 },
        }),
      ],
    })
    expect(await outbox.readEntries()).toMatchObject([
      { opId: dead, state: 'dead' },
      { opId: delivered, state: 'delivered', changes: { status: 'won' } },
    ])
    expect(await outbox.payloadOf(dead)).toEqual({ values: { name: SECRET } })
  })

  test('is sealed by the next to open it when the one before died in the middle of it', async () => {
    const ids = Array.from({ length: 120 }, () => uuidv7())
    await makeStoreOfVersion1(device.queue, { entries: ids.map((id) => entryOfVersion1(id, SECRET)) })
    const real = crypto.subtle.encrypt.bind(crypto.subtle)
    let left = 70
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementation((...args) => {
      left -= 1
      return left < 0 ? Promise.reject(new Error('the tab died')) : real(...args)
    })
    const first = new EntryStore(device.queue)
    await first.whenSealed()
    expect(await dumpRawStore(device.queue)).toContain('Grace')
    await first.close()

    vi.restoreAllMocks()
    const second = new EntryStore(device.queue)
    await second.whenSealed()
    expect(await dumpRawStore(device.queue)).not.toContain('Grace')
    await second.close()
    await outbox.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(120)
  })

  test('brings nothing back that was delivered while it was being sealed', async () => {
    const id = uuidv7()
    await makeStoreOfVersion1(device.queue, { entries: [entryOfVersion1(id, SECRET)] })
    const store = new EntryStore(device.queue)
    await Promise.all([store.whenSealed(), outbox.flush({ urgency: 'now' })])
    expect(device.server.applied.size).toBe(1)
    expect(await withRawStore(device.queue, (database) => database.count('contents'))).toBe(0)
    await store.close()
  })
})

test('a write is sealed for its own place: moved to another, it does not open', async () => {
  const store = new EntryStore(device.queue)
  await store.add([newEntry(someLead('mine'), 0), newEntry(someLead('yours'), 0)])
  await withRawStore(device.queue, async (database) => {
    const [one, two] = await database.getAllKeys('contents')
    await database.put('contents', await database.get('contents', one as string), two)
  })
  await outbox.flush({ urgency: 'now' })
  expect(device.server.requests.flatMap(({ operations }) => operations.map(({ payload }) => payload))).toEqual([
    { values: { name: 'mine' } },
  ])
  expect(await outbox.readQuarantine()).toMatchObject([{ store: 'entries', reason: 'seal_broken' }])
  await store.close()
})
