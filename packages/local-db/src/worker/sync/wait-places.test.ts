import { afterEach, describe, expect, it } from 'vitest'
import { WaitPlaces } from './wait-places.ts'

const URL = 'http://localhost/shapes/x'
const EVER = 60_000

describe('who may wait for news', () => {
  const leaving: (() => void)[] = []
  const given = new AbortController()
  const worker = (isMultiplexed: boolean | undefined, pollEveryMs = EVER) =>
    new WaitPlaces({ isMultiplexed: () => isMultiplexed, pollEveryMs })
  const take = async (places: WaitPlaces, shape: Parameters<WaitPlaces['take']>[0], signal = given.signal) => {
    const place = await places.take(shape, URL, signal)
    if (place.kind === 'wait') leaving.push(place.leave)
    return place.kind
  }
  afterEach(() => {
    for (const leave of leaving.splice(0)) leave()
  })

  it('is everybody where requests share a connection', async () => {
    const places = worker(true)
    const shapes = ['leads', 'notes', 'lead_events', 'members', 'forms', 'form_versions'] as const
    expect(await Promise.all(shapes.map((shape) => take(places, shape)))).toEqual(shapes.map(() => 'wait'))
  })

  it.each([false, undefined])(
    'is three shapes of an origin where they don’t (%s), those that people work on',
    async (isMultiplexed) => {
      const [first, second] = [worker(isMultiplexed), worker(isMultiplexed, 1)]
      expect(await take(first, 'leads')).toBe('wait')
      expect(await take(first, 'notes')).toBe('wait')
      expect(await take(second, 'leads')).toBe('wait')
      expect(await take(second, 'notes')).toBe('ask')
      expect(await take(second, 'members')).toBe('ask')
    },
  )

  it('is the next one when a place is given back', async () => {
    const places = worker(false, 1)
    for (const shape of ['leads', 'notes', 'lead_events'] as const) await take(places, shape)
    expect(await take(places, 'receipts')).toBe('ask')
    leaving.shift()?.()
    // The browser frees the lock a moment later.
    await expect.poll(() => take(places, 'receipts')).toBe('wait')
  })

  it('lets those without a place ask as soon as there was news', async () => {
    const places = worker(false)
    const asks = take(places, 'members')
    places.wake()
    expect(await asks).toBe('ask')
  })

  it('lets go of a shape that is not followed any more', async () => {
    const over = new AbortController()
    const asks = take(worker(false), 'members', over.signal)
    over.abort(new Error('over'))
    await expect(asks).rejects.toThrow('over')
    await expect(take(worker(false), 'members', over.signal)).rejects.toThrow('over')
  })
})
