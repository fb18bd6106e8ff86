import { uuidv7 } from 'uuidv7'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NewEntry } from '../entry/entry.ts'
import type { Outbox } from '../outbox.ts'
import { createHarness, type Harness, someLead } from '../testing/harness.ts'
import { withRawStore } from '../testing/raw-store.ts'

let device: Harness
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  outbox = device.open()
})

afterEach(() => outbox.close())

const enqueueOffline = (...writes: NewEntry[]) => device.enqueueOffline(outbox, ...writes)

/** Changes a stored record as a bad disk or another version would. */
function damage(opId: string, change: (record: Record<string, unknown>) => unknown) {
  return withRawStore(device.queue, async (database) => {
    await database.put('entries', change(await database.get('entries', opId)))
  })
}

const DAMAGES: [string, string, (record: Record<string, unknown>) => unknown][] = [
  ['a layout of nobody', 'unknown_layout', (record) => ({ ...record, layout: 77 })],
  ['no layout', 'unknown_layout', ({ layout: _, ...record }) => record],
  ['a state of nobody', 'bad_record', (record) => ({ ...record, state: { kind: 'lost' } })],
  ['a state that lacks a part', 'bad_record', (record) => ({ ...record, state: { kind: 'queued', attempts: 1 } })],
  ['a time that is none', 'bad_record', (record) => ({ ...record, capturedAt: 'yesterday' })],
  ['a name that is a number', 'bad_record', (record) => ({ ...record, entity: 7 })],
  ['no place in the order', 'bad_record', ({ seq: _, ...record }) => record],
]

describe.each(DAMAGES)('a record with %s', (_what, reason, change) => {
  test('is set apart, and stops nobody', async () => {
    const [bad] = await enqueueOffline(someLead('bad'), someLead('good'))
    await damage(bad?.opId ?? '', change)
    const heir = device.open()
    await heir.readEntries()
    await heir.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(1)
    expect(heir.getState()).toMatchObject({ pending: 0, quarantined: 1 })
    expect(await heir.readQuarantine()).toMatchObject([{ store: 'entries', key: bad?.opId, reason }])
    await heir.close()
  })
})

describe('what was written', () => {
  test.each([
    ['is gone', 'content_missing', 'contents'],
    ['lost its key', 'key_missing', 'keys'],
  ] as const)('that %s is set apart with its record', async (_what, reason, store) => {
    await enqueueOffline(someLead())
    await withRawStore(device.queue, (database) => database.clear(store))
    const heir = device.open()
    await heir.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(0)
    expect(await heir.readQuarantine()).toMatchObject([{ reason, record: { entity: 'lead' } }])
    await heir.close()
  })

  test('that was changed on the disk is set apart', async () => {
    const [lead] = await enqueueOffline(someLead())
    await withRawStore(device.queue, async (database) => {
      const content = await database.get('contents', lead?.opId ?? '')
      const bytes = new Uint8Array(content.payload.data)
      bytes.set([(bytes[0] ?? 0) ^ 1])
      await database.put('contents', content, lead?.opId)
    })
    await outbox.flush({ urgency: 'now' })
    expect(await outbox.readQuarantine()).toMatchObject([{ reason: 'seal_broken' }])
  })

  test('of one in a group that cannot be read leaves the others to a person', async () => {
    const groupId = uuidv7()
    const [bad] = await enqueueOffline({ ...someLead(), groupId }, { ...someLead(), groupId }, someLead())
    await withRawStore(device.queue, (database) => database.delete('contents', bad?.opId ?? ''))
    await outbox.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(1)
    expect(outbox.getEntries()).toMatchObject([{ state: 'dead', reason: 'group_failed' }, { state: 'delivered' }])
  })
})

test('a draft that cannot be read is set apart, and the form begins empty', async () => {
  await outbox.saveDraft('f_form', { email: 'ada@example.test' })
  await withRawStore(device.queue, (database) => database.put('drafts', { odd: true }, 'f_form'))
  expect(await outbox.readDraft('f_form')).toBeUndefined()
  expect(await outbox.readQuarantine()).toMatchObject([{ store: 'drafts', key: 'f_form', record: { odd: true } }])
})

test('a device that forgot who it is gets another name, and the old one is kept', async () => {
  const before = await outbox.identity()
  await withRawStore(device.queue, (database) => database.put('meta', { clientId: before.clientId }, 'identity'))
  const after = await outbox.identity()
  expect(after.clientId).not.toBe(before.clientId)
  expect(after.key).toHaveLength(43)
  expect(await outbox.readQuarantine()).toMatchObject([{ store: 'meta', record: { clientId: before.clientId } }])
})

test('a damaged note about delivery costs a backoff, not the queue', async () => {
  await enqueueOffline(someLead())
  await withRawStore(device.queue, (database) => database.put('meta', { notBeforeMs: 'soon' }, 'delivery'))
  expect(await outbox.flush()).toEqual({ kind: 'empty' })
})

test('only a person lets go of what is in quarantine', async () => {
  await enqueueOffline(someLead())
  await withRawStore(device.queue, (database) => database.clear('contents'))
  await outbox.flush({ urgency: 'now' })
  const [record] = await outbox.readQuarantine()
  await outbox.discardQuarantined(record?.id ?? 0)
  await outbox.flush()
  expect(outbox.getState().quarantined).toBe(0)
  expect(await outbox.readQuarantine()).toEqual([])
})

describe('the export', () => {
  test('says what was written, why it did not go, and loses nothing as JSON', async () => {
    device.server.judge = (opId) => ({
      opId,
      outcome: 'rejected',
      reason: 'invalid_values',
      fields: { email: 'required' },
    })
    const [dead] = await outbox.enqueue(someLead('Ada'))
    await outbox.flush()
    const [odd] = await enqueueOffline(someLead('Grace'))
    await damage(odd?.opId ?? '', (record) => ({ ...record, layout: 77 }))
    const heir = device.open()
    await heir.readEntries()

    const exported = await heir.exportUndeliverable()
    expect(JSON.parse(JSON.stringify(exported))).toEqual(exported)
    expect(exported).toMatchObject({
      format: 'landfall-outbox-export',
      version: 1,
      deadLetters: [
        {
          opId: dead?.opId,
          reason: 'invalid_values',
          fields: { email: 'required' },
          correlationId: device.server.correlationIds[0],
          payload: { values: { name: 'Ada' } },
        },
      ],
      quarantined: [{ key: odd?.opId, reason: 'unknown_layout', payload: { values: { name: 'Grace' } } }],
    })
    expect(exported.log.map(({ kind }) => kind)).toContain('quarantined')
    await heir.close()
  })
})
