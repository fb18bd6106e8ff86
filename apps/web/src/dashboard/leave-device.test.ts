import type { Outbox, QueueRecord } from '@landfall/outbox'
import { beforeEach, expect, test, vi } from 'vitest'
import { leaveDevice } from './leave-device.ts'
import { sendOrCount } from './send-or-count.ts'

/** The device: its queues, what each still holds, and what was deleted of it. */
const device = vi.hoisted(() => ({
  queues: [] as QueueRecord[],
  unsent: {} as Record<string, number>,
  deleted: [] as string[],
}))

vi.mock('@landfall/outbox', () => ({
  listQueues: async () => device.queues,
  deleteQueue: async (queue: string) => void device.deleted.push(`queue ${queue}`),
  Outbox: class {
    readonly queue: QueueRecord
    constructor(queue: QueueRecord) {
      this.queue = queue
    }
    flush = async () => undefined
    readEntries = async () => [
      { state: 'delivered' },
      ...Array.from({ length: device.unsent[this.queue.queue] ?? 0 }, () => ({ state: 'queued' })),
    ]
    readQuarantine = async () => []
    close = async () => {}
    wipe = async () => void device.deleted.push(`queue ${this.queue.queue}`)
  },
}))
vi.mock('@landfall/local-db', () => ({
  deleteLocalDb: async (owner: string) => void device.deleted.push(`database ${owner}`),
}))
vi.mock('@landfall/service-worker/register', () => ({ forgetPages: async () => {} }))

const queueOf = (tenantId: string, userId: string): QueueRecord => ({
  queue: `${tenantId}.${userId}`,
  tenantId,
  kind: 'member',
  endpoint: '/',
})

async function openOutbox(queue: QueueRecord): Promise<Outbox> {
  const { Outbox } = await import('@landfall/outbox')
  return new Outbox(queue)
}

beforeEach(() => {
  device.queues = [queueOf('acme', 'ann'), queueOf('lumen', 'ann'), queueOf('acme', 'bob')]
  device.unsent = {}
  device.deleted = []
})

test('who signs out leaves nothing in any of their workspaces, and what others left stays', async () => {
  const outbox = await openOutbox(queueOf('acme', 'ann'))
  expect(await leaveDevice({ userId: 'ann', outbox, db: undefined })).toEqual([])
  expect(device.deleted.sort()).toEqual([
    'database acme.ann',
    'database lumen.ann',
    'queue acme.ann',
    'queue lumen.ann',
  ])
})

test('who loses one membership keeps what they have not sent in other workspaces', async () => {
  const outbox = await openOutbox(queueOf('acme', 'ann'))
  await leaveDevice({ userId: 'ann', tenantId: 'acme', outbox, db: undefined })
  expect(device.deleted.sort()).toEqual(['database acme.ann', 'queue acme.ann'])
})

test('changes that wait in another workspace are counted before they go', async () => {
  device.unsent = { 'acme.ann': 1, 'lumen.ann': 2, 'acme.bob': 4 }
  expect(await sendOrCount('ann', queueOf('acme', 'ann'))).toBe(3)
  expect(await sendOrCount('ann', queueOf('acme', 'ann'), 'lumen')).toBe(2)
  device.queues = []
  expect(await sendOrCount('ann', queueOf('acme', 'ann'))).toBe(1)
})

test('a tab of another workspace stays open when one is left', async () => {
  // A page that has not left itself.
  vi.resetModules()
  const { onLeft } = await import('./leave-device.ts')
  const heard: string[] = []
  const stops = ['acme', 'lumen'].map((tenantId) => onLeft(tenantId, () => heard.push(tenantId)))
  const channel = new BroadcastChannel('landfall:left')
  channel.postMessage({ tenantId: 'acme' })
  await vi.waitFor(() => expect(heard).toEqual(['acme']))
  channel.postMessage({ tenantId: null })
  await vi.waitFor(() => expect(heard.toSorted()).toEqual(['acme', 'acme', 'lumen']))
  channel.close()
  for (const stop of stops) stop()
})
