import { describe, expect, test } from 'vitest'
import {
  INITIAL_SUBSCRIPTION,
  NEXT_STATUS,
  nextState,
  type SubscriptionEvent,
  type SubscriptionState,
  type SubscriptionStatus,
} from './subscription-state.ts'

const EVENTS: Record<SubscriptionEvent['type'], SubscriptionEvent> = {
  started: { type: 'started' },
  'caught-up': { type: 'caught-up', atMs: 1_000 },
  disturbed: { type: 'disturbed', problem: 'no network' },
  refused: { type: 'refused', problem: 'status 400' },
  unauthorized: { type: 'unauthorized', problem: 'status 401' },
  'went-offline': { type: 'went-offline' },
  'came-online': { type: 'came-online' },
}
const EVENT_LIST = Object.values(EVENTS)
const STATUSES = Object.keys(NEXT_STATUS) as SubscriptionStatus[]

const after = (...events: SubscriptionEvent[]) => events.reduce(nextState, INITIAL_SUBSCRIPTION)
const of = (status: SubscriptionStatus): SubscriptionState => ({ ...INITIAL_SUBSCRIPTION, status })

describe.each(STATUSES)('from %s', (status) => {
  test.each(EVENT_LIST)('$type leads where the table says', (event) => {
    expect(nextState(of(status), event).status).toBe(NEXT_STATUS[status][event.type])
  })
})

test('every status is reached, and from every status the way back to up-to-date is short', () => {
  const shortest = new Map<SubscriptionStatus, number>()
  for (const status of STATUSES) {
    let reached = [of(status)]
    for (let steps = 0; steps < 4 && !shortest.has(status); steps += 1) {
      if (reached.some((state) => state.status === 'up-to-date')) shortest.set(status, steps)
      reached = reached.flatMap((state) => EVENT_LIST.map((event) => nextState(state, event)))
    }
  }
  expect(Object.fromEntries(shortest)).toEqual({
    connecting: 1,
    'up-to-date': 0,
    reconnecting: 1,
    offline: 1,
    unauthorized: 2,
    failed: 1,
  })
  const { refused } = EVENTS
  expect(after(refused, refused).status).toBe('reconnecting')
  expect(after(refused, refused, refused).status).toBe('failed')
})

test('a failing network alone is never "failed", however long it takes', () => {
  expect(after(...Array<SubscriptionEvent>(100).fill(EVENTS.disturbed))).toMatchObject({
    status: 'reconnecting',
    failures: 100,
  })
  const { disturbed, refused } = EVENTS
  expect(after(disturbed, disturbed, disturbed, refused).status).toBe('reconnecting')
})

test('offline is offline, not failed: also when the tries go on', () => {
  expect(after(EVENTS['went-offline'], EVENTS.disturbed, EVENTS.disturbed).status).toBe('offline')
  expect(after(EVENTS['went-offline'], EVENTS['came-online']).status).toBe('reconnecting')
})

test('who must sign in again is not told anything else until something starts anew', () => {
  const { started: _, ...others } = EVENTS
  for (const event of Object.values(others)) {
    expect(nextState(after(EVENTS.unauthorized), event).status, event.type).toBe('unauthorized')
  }
  expect(after(EVENTS.unauthorized, EVENTS.started)).toEqual(INITIAL_SUBSCRIPTION)
})

test('the time of the last sync stays through everything, and success forgets what went wrong', () => {
  expect(after(EVENTS['caught-up'], EVENTS.disturbed, EVENTS.unauthorized, EVENTS.started)).toMatchObject({
    status: 'connecting',
    syncedAtMs: 1_000,
    problem: null,
  })
  expect(after(EVENTS.refused, EVENTS.disturbed, EVENTS['caught-up'])).toEqual({
    status: 'up-to-date',
    failures: 0,
    refusals: 0,
    problem: null,
    syncedAtMs: 1_000,
  })
})
