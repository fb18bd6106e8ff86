import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeOver } from './take-over.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A version that waits, in a page whose reloads are counted. */
function waitingVersion() {
  const waiting = Object.assign(new EventTarget(), { state: 'installed', postMessage: vi.fn() })
  const container = Object.assign(new EventTarget(), { getRegistration: async () => ({ waiting }) })
  const reload = vi.fn()
  const becomes = (state: string) => {
    waiting.state = state
    waiting.dispatchEvent(new Event('statechange'))
  }
  const done = takeOver(container as unknown as ServiceWorkerContainer, reload)
  return { waiting, container, reload, becomes, done }
}

test('the page is reloaded once the version controls it', async () => {
  const { waiting, container, reload, done } = waitingVersion()
  await vi.advanceTimersByTimeAsync(0)
  expect(waiting.postMessage.mock.calls).toEqual([[{ type: 'SKIP_WAITING' }]])
  expect(reload).not.toHaveBeenCalled()
  container.dispatchEvent(new Event('controllerchange'))
  await done
  expect(reload).toHaveBeenCalledOnce()
})

test('a page that is not told of its new controller is reloaded once the version is at work', async () => {
  const { reload, becomes, done } = waitingVersion()
  await vi.advanceTimersByTimeAsync(0)
  becomes('activating')
  await vi.advanceTimersByTimeAsync(0)
  expect(reload).not.toHaveBeenCalled()
  becomes('activated')
  await done
  expect(reload).toHaveBeenCalledOnce()
})

test('a version that did not hear is told again, and no more once it has', async () => {
  const { waiting, becomes } = waitingVersion()
  await vi.advanceTimersByTimeAsync(4_100)
  expect(waiting.postMessage).toHaveBeenCalledTimes(3)
  becomes('activating')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(waiting.postMessage).toHaveBeenCalledTimes(3)
})

test('where another tab was faster, the page is reloaded at once', async () => {
  const reload = vi.fn()
  await takeOver({ getRegistration: async () => ({ waiting: null }) } as unknown as ServiceWorkerContainer, reload)
  expect(reload).toHaveBeenCalledOnce()
})
