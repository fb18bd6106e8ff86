import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BODY_WITHIN_MS, readBytes } from './read-bytes.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** A body whose sender decides when the next byte comes. */
function slowBody() {
  let sender: ReadableStreamDefaultController<Uint8Array> | undefined
  let isGivenUp = false
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      sender = controller
    },
    cancel() {
      isGivenUp = true
    },
  })
  const request = new Request('http://acme.localhost/', { method: 'POST', body, duplex: 'half' } as RequestInit)
  return {
    request,
    sendByte: () => sender?.enqueue(new Uint8Array([32])),
    end: () => sender?.close(),
    isGivenUp: () => isGivenUp,
  }
}

test('a body that trickles in is cut off when its time is up, however regularly it trickles', async () => {
  const slow = slowBody()
  const read = expect(readBytes(slow.request, { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'too_slow' })
  for (let waitedMs = 0; waitedMs < BODY_WITHIN_MS; waitedMs += 1_000) {
    slow.sendByte()
    await vi.advanceTimersByTimeAsync(1_000)
  }
  await read
  expect(slow.isGivenUp()).toBe(true)
})

test('a body that arrives in time is whole, and leaves no timer behind', async () => {
  const slow = slowBody()
  const read = readBytes(slow.request, { maxBytes: 1_000 })
  slow.sendByte()
  await vi.advanceTimersByTimeAsync(BODY_WITHIN_MS - 1)
  slow.sendByte()
  slow.end()
  expect(await read).toHaveLength(2)
  expect(vi.getTimerCount()).toBe(0)
})

test('the sender of a body that is too large is told to stop', async () => {
  const slow = slowBody()
  const read = expect(readBytes(slow.request, { maxBytes: 2 })).rejects.toMatchObject({ code: 'too_large' })
  for (let sent = 0; sent < 3; sent += 1) slow.sendByte()
  await read
  expect(slow.isGivenUp()).toBe(true)
})
