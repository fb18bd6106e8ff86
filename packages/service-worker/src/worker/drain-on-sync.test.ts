import 'fake-indexeddb/auto'
import { listQueues, Outbox } from '@landfall/outbox'
import { uuidv7 } from 'uuidv7'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drainForSync } from './drain-on-sync.ts'

const LEADS = 3

let queue: string
let page: Outbox
/** Operation ids in the order in which the server got them. */
let received: string[]
let status: number

beforeEach(async () => {
  queue = uuidv7()
  received = []
  status = 200
  // The page has no network, and goes.
  const offline = () => Promise.reject(new TypeError('Failed to fetch'))
  page = new Outbox({ queue, tenantId: queue, kind: 'visitor', endpoint: '/api/sync/batch', fetch: offline })
  await page.enqueue(...Array.from({ length: LEADS }, someLead))
  await page.flush()
  // The service worker finds the queue in the directory of this origin.
  await vi.waitFor(async () => expect((await listQueues()).map((record) => record.queue)).toContain(queue))
})

afterEach(async () => {
  vi.unstubAllGlobals()
  await page.close()
})

function someLead() {
  const entityId = uuidv7()
  return { entity: 'lead', action: 'insert' as const, entityId, label: 'Ask us', payload: { values: {} } }
}

/** A server that applies what it gets, or answers with `status`. */
const send: typeof fetch = async (_input, init) => {
  if (status !== 200) return Response.json({ title: 'Not now' }, { status })
  const { operations } = JSON.parse(String(init?.body)) as { operations: { opId: string; entityId: string }[] }
  received.push(...operations.map(({ opId }) => opId))
  const results = operations.map(({ opId }) => ({ opId, outcome: 'applied', txid: 1, version: 1 }))
  return Response.json({ protocol: 1, requestId: 'r', serverTime: new Date().toISOString(), results })
}

/** The registration that a service worker finds in its own scope. */
function inServiceWorker() {
  const register = vi.fn(async (_tag: string) => {})
  vi.stubGlobal('registration', { active: {}, sync: { register } })
  return register
}

test('a sync that empties the queue is over', async () => {
  await drainForSync(queue, false, { fetch: send })
  expect(received).toHaveLength(LEADS)
})

test('a sync that leaves something fails, so that the browser fires it again', async () => {
  const register = inServiceWorker()
  status = 503
  await expect(drainForSync(queue, false, { fetch: send })).rejects.toThrow(queue)
  expect(register).not.toHaveBeenCalled()
})

test('the last of the browser’s attempts asks for new ones instead of being forgotten', async () => {
  const register = inServiceWorker()
  status = 503
  await drainForSync(queue, true, { fetch: send })
  expect(register).toHaveBeenCalledWith(`landfall:drain:${queue}`)
})

test('after three failed syncs everything is still there, for the next page', async () => {
  inServiceWorker()
  status = 500
  for (const isLastChance of [false, false, true]) {
    await drainForSync(queue, isLastChance, { fetch: send }).catch(() => {})
  }
  status = 200
  const next = new Outbox({ queue, tenantId: queue, kind: 'visitor', endpoint: '/api/sync/batch', fetch: send })
  expect(await next.flush({ urgency: 'eager' })).toEqual({ kind: 'empty' })
  expect(received).toHaveLength(LEADS)
  await next.close()
})

test('a browser without Background Sync fails the last sync without failing us', async () => {
  vi.stubGlobal('registration', { active: {} })
  status = 503
  await expect(drainForSync(queue, true, { fetch: send })).resolves.toBeUndefined()
})

test('two versions of the service worker that drain at once send each lead once', async () => {
  await Promise.all([drainForSync(queue, false, { fetch: send }), drainForSync(queue, false, { fetch: send })])
  expect(received).toHaveLength(LEADS)
  expect(new Set(received).size).toBe(LEADS)
})

test('what waits for a person does not have the browser fire for ever', async () => {
  const [first] = await page.readEntries()
  const entityId = first?.entityId ?? ''
  await page.enqueue({ entity: 'lead', action: 'update', entityId, label: 'Ask us', payload: { values: {} } })
  const rejecting: typeof fetch = async (_input, init) => {
    const { operations } = JSON.parse(String(init?.body)) as { operations: { opId: string }[] }
    const results = operations.map(({ opId }) => ({ opId, outcome: 'rejected', reason: 'malformed' }))
    return Response.json({ protocol: 1, requestId: 'r', serverTime: new Date().toISOString(), results })
  }
  await expect(drainForSync(queue, false, { fetch: rejecting })).resolves.toBeUndefined()
  expect((await page.readEntries()).map(({ state }) => state)).toEqual(['dead', 'dead', 'dead', 'queued'])
})
