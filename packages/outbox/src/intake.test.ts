import { LIMITS } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import type { Outbox } from './outbox.ts'
import { createHarness, type Harness } from './testing/harness.ts'
import { dumpRawStore } from './testing/raw-store.ts'
import { setOnline } from './testing/set-online.ts'
import { someEdit } from './testing/some-edit.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

let device: Harness
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  outbox = device.open({ kind: 'member' })
  goOffline()
})
afterEach(async () => {
  setOnline(undefined)
  await outbox.close()
})

function goOffline() {
  device.server.weather = Array.from({ length: 100 }, () => ({ kind: 'offline' as const }))
  setOnline(false)
}

async function goOnline() {
  device.server.weather = []
  setOnline(true)
  await outbox.flush({ urgency: 'now' })
}

const entries = async () => (await outbox.readSnapshot()).entries
const states = async () => (await entries()).map(({ opId, state }) => ({ opId, state }))
const sent = () =>
  device.server.requests.flatMap(({ operations }) => operations.map(({ opId, payload }) => ({ opId, payload })))

describe('put', () => {
  it('puts an operation in under its own id once, however often it is given', async () => {
    const edit = someEdit()
    await outbox.put([edit])
    await outbox.put([edit, edit])
    expect(await states()).toEqual([{ opId: edit.opId, state: 'queued' }])
    await goOnline()
    await outbox.put([edit])
    expect(await states()).toEqual([{ opId: edit.opId, state: 'delivered' }])
    expect(sent()).toEqual([{ opId: edit.opId, payload: edit.payload }])
  })

  it('leaves a dead letter dead', async () => {
    const edit = someEdit()
    device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'withdrawn' })
    await outbox.put([edit])
    await goOnline()
    await outbox.put([edit])
    expect(await entries()).toMatchObject([{ opId: edit.opId, state: 'dead', reason: 'withdrawn' }])
  })

  it('does not bring back what a person let go of, took back or sent again under another id', async () => {
    const [discarded, withdrawn, resent] = [someEdit(), someEdit(), someEdit()]
    device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'not_found' })
    await outbox.put([discarded, resent])
    await goOnline()
    await outbox.discard(discarded.opId)
    goOffline()
    const again = await outbox.resend(resent.opId)
    await outbox.flush()
    await outbox.put([withdrawn])
    await outbox.flush()
    expect(await outbox.withdrawUnsent([withdrawn.opId])).toBe(true)

    await outbox.put([discarded, withdrawn, resent])
    const snapshot = await outbox.readSnapshot([discarded.opId, withdrawn.opId, resent.opId, uuidv7()])
    expect(snapshot.entries.map(({ opId }) => opId)).toEqual([again?.opId])
    expect(snapshot.superseded).toEqual([
      { opId: discarded.opId, by: null },
      { opId: withdrawn.opId, by: null },
      { opId: resent.opId, by: again?.opId },
    ])
  })

  it('is all or none, and names what is too large', async () => {
    const large = someEdit({ payload: { status: 'x'.repeat(LIMITS.payloadBytes) } })
    await expect(outbox.put([someEdit(), large])).rejects.toThrow(/an operation of \d+ bytes; a request takes 65536/)
    const groupId = uuidv7()
    const group = Array.from({ length: LIMITS.operationsPerBatch + 1 }, () => someEdit({ groupId }))
    await expect(outbox.put(group)).rejects.toThrow('a group of 101 writes; a request takes 100')
    expect(await entries()).toEqual([])
  })

  it('takes nothing that stands for an operation which is in the queue by now', async () => {
    const [first, second] = [someEdit(), someEdit()]
    await outbox.put([first])
    await expect(outbox.put([second], [{ opId: first.opId, by: second.opId }])).rejects.toThrow()
    await outbox.flush()
    const replacement = { remove: [first.opId], add: [], superseded: [{ opId: second.opId, by: null }] }
    await outbox.put([second])
    await outbox.flush()
    expect(await outbox.replaceUnsent(replacement)).toBe(false)
    expect((await states()).map(({ opId }) => opId)).toEqual([first.opId, second.opId])
  })

  it('tells what an edit started from and what it changes', async () => {
    const edit = someEdit({ baseVersion: 7, payload: { status: null } })
    await outbox.put([edit])
    expect(await entries()).toMatchObject([{ baseVersion: 7, changes: { status: null }, attempts: 0 }])
  })

  it('keeps an id that was dealt with elsewhere for the ninety days in which somebody may ask', async () => {
    const opId = uuidv7()
    await outbox.put([], [{ opId, by: null }])
    const isKnown = async () => (await outbox.readSnapshot([opId])).superseded.length > 0
    // A day is believed when a later one has not taken it back.
    const passDays = async (days: number) => {
      for (const part of [days, 2]) {
        device.clock.nowMs += part * DAY_MS
        await outbox.close()
        outbox = device.open({ kind: 'member' })
        await prune(outbox)
      }
    }
    await passDays(80)
    expect(await isKnown()).toBe(true)
    await passDays(20)
    expect(await isKnown()).toBe(false)
  })
})

/** What `start` does first. */
async function prune(outbox: Outbox): Promise<void> {
  Object.assign(globalThis, { document: new EventTarget(), addEventListener: () => {} })
  try {
    await outbox.start()
  } finally {
    outbox.stop()
    Reflect.deleteProperty(globalThis, 'document')
    Reflect.deleteProperty(globalThis, 'addEventListener')
  }
}

describe('replaceUnsent', () => {
  it('puts one write in the place of several', async () => {
    const [first, other, second] = [someEdit(), someEdit(), someEdit()]
    await outbox.put([first, other, second])
    await outbox.flush()
    const local = uuidv7()
    const merged = someEdit({ entityId: first.entityId, payload: { status: 'lost' } })
    const isDone = await outbox.replaceUnsent({
      remove: [first.opId, second.opId],
      add: [merged],
      superseded: [{ opId: local, by: merged.opId }],
    })
    expect(isDone).toBe(true)
    const snapshot = await outbox.readSnapshot([first.opId, second.opId, local])
    expect(snapshot.entries.map(({ opId }) => opId)).toEqual([merged.opId, other.opId])
    expect(snapshot.superseded.map(({ by }) => by)).toEqual([merged.opId, merged.opId, merged.opId])
    await goOnline()
    expect(sent()).toEqual([
      { opId: merged.opId, payload: { status: 'lost' } },
      { opId: other.opId, payload: other.payload },
    ])
  })

  it('leaves no readable trace of what gave way, and no key when nothing is left', async () => {
    const edit = someEdit({ payload: { body: 'a very private note' } })
    await outbox.put([edit])
    await outbox.flush()
    expect(await outbox.replaceUnsent({ remove: [edit.opId], add: [] })).toBe(true)
    expect(await dumpRawStore(device.queue)).not.toContain('private note')
    expect((await outbox.readLog()).map(({ kind }) => kind)).toContain('key-shredded')
  })

  it.each([
    ['was tried', async () => device.server.weather.unshift({ kind: 'answer-lost' })],
    ['was delivered', async () => goOnline()],
  ])('changes nothing when one of them %s', async (_name, happens) => {
    const [tried, untried] = [someEdit(), someEdit()]
    await outbox.put([tried])
    setOnline(true)
    await happens()
    await outbox.flush({ urgency: 'now' })
    goOffline()
    await outbox.put([untried])
    await outbox.flush()
    const before = await states()
    const remove = [untried.opId, tried.opId]
    expect(await outbox.replaceUnsent({ remove, add: [someEdit()] })).toBe(false)
    expect(await outbox.replaceUnsent({ remove: [untried.opId, uuidv7()], add: [] })).toBe(false)
    expect(await outbox.withdrawUnsent(remove)).toBe(false)
    expect(await states()).toEqual(before)
  })

  it('changes nothing while a request is on its way that may carry it', async () => {
    const edit = someEdit()
    await outbox.put([edit])
    await outbox.flush()
    let answer = () => {}
    const slow = device.open({
      kind: 'member',
      fetch: (...request) =>
        new Promise((resolve) => {
          answer = () => resolve(device.server.fetch(...request))
        }),
    })
    device.server.weather = []
    setOnline(true)
    const sending = slow.flush({ urgency: 'now' })
    await expect.poll(async () => (await states())[0]?.state, { timeout: 30_000 }).toBe('sending')
    expect(await outbox.replaceUnsent({ remove: [edit.opId], add: [] })).toBe(false)
    expect(await outbox.withdrawUnsent([edit.opId])).toBe(false)
    answer()
    await sending
    expect(await states()).toEqual([{ opId: edit.opId, state: 'delivered' }])
    await slow.close()
  })
})

describe('rewriteUnsent', () => {
  it('writes what was never sent anew, and makes a dead letter with its values of what cannot be', async () => {
    const [renamed, kept, gone] = [
      someEdit({ payload: { state: 'won' } }),
      someEdit(),
      someEdit({ entity: 'fax', payload: { number: '123' } }),
    ]
    await outbox.put([renamed, kept, gone])
    await outbox.flush()
    const counts = await outbox.rewriteUnsent(({ entity, payload }) => {
      if (entity === 'fax') return { kind: 'outdated', detail: 'fax' }
      if (!('state' in payload)) return { kind: 'unchanged' }
      const write = { status: payload.state }
      return { kind: 'rewritten', write: { entity: 'lead', payload: write, changes: write } }
    })
    expect(counts).toEqual({ rewritten: 1, outdated: 1 })
    expect(await entries()).toMatchObject([
      { opId: renamed.opId, changes: { status: 'won' } },
      { opId: kept.opId, changes: kept.payload },
      { opId: gone.opId, state: 'dead', reason: 'outdated' },
    ])
    expect(await outbox.payloadOf(gone.opId)).toEqual({ number: '123' })
    await goOnline()
    expect(sent().map(({ payload }) => payload)).toEqual([{ status: 'won' }, kept.payload])
  })

  it('leaves alone what may have been sent, because its id stands for what was in it', async () => {
    const edit = someEdit()
    device.server.weather.unshift({ kind: 'answer-lost' })
    setOnline(true)
    await outbox.put([edit])
    await outbox.flush({ urgency: 'now' })
    expect(await outbox.rewriteUnsent(() => ({ kind: 'outdated', detail: 'all' }))).toEqual({
      rewritten: 0,
      outdated: 0,
    })
    await goOnline()
    expect(await states()).toEqual([{ opId: edit.opId, state: 'delivered' }])
  })

  it('kills a whole group with one of it', async () => {
    const groupId = uuidv7()
    await outbox.put([someEdit({ groupId }), someEdit({ groupId, entity: 'fax' })])
    await outbox.flush()
    await outbox.rewriteUnsent(({ entity }) =>
      entity === 'fax' ? { kind: 'outdated', detail: '' } : { kind: 'unchanged' },
    )
    expect((await entries()).map(({ reason }) => reason)).toEqual(['group_failed', 'outdated'])
  })
})

describe('a browser that says it is offline', () => {
  test('is put to the proof, and nothing counts as tried that was not sent', async () => {
    const edit = someEdit()
    await outbox.put([edit])
    await outbox.flush({ urgency: 'eager' })
    expect(device.server.probes).toBeGreaterThan(0)
    expect(await entries()).toMatchObject([{ state: 'queued', attempts: 0 }])
    expect(outbox.getState().problem).toMatchObject({ kind: 'network' })
    // It waits like after any other failure.
    expect(await outbox.flush()).toMatchObject({ kind: 'waiting' })
    const { probes } = device.server
    await outbox.flush()
    expect(device.server.probes).toBe(probes)
  })

  test('is not believed when there is a way', async () => {
    device.server.weather = []
    const edit = someEdit()
    await outbox.put([edit])
    await outbox.flush({ urgency: 'eager' })
    expect(await states()).toEqual([{ opId: edit.opId, state: 'delivered' }])
  })
})
