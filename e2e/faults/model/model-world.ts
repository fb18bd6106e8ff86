import 'fake-indexeddb/auto'
import { uuidv7 } from 'uuidv7'
import { type SeededRandom, seededRandom } from '../seeded-random.ts'
import { Actor } from './actor.ts'
import { createInstantSubtle } from './instant-crypto.ts'
import { LedgerServer } from './ledger-server.ts'
import { createChannelClass } from './model-channel.ts'
import { ModelLocks } from './model-locks.ts'
import { ModelNetwork } from './model-network.ts'
import { ModelStorage, watchTransactions } from './model-storage.ts'
import { VirtualTime } from './virtual-time.ts'

/** Everything round the outbox in one run: a device with its clock, storage and locks, a network, a server. */
export interface ModelWorld {
  random: SeededRandom
  time: VirtualTime
  storage: ModelStorage
  locks: ModelLocks
  network: ModelNetwork
  server: LedgerServer
}

const START_MS = Date.UTC(2026, 0, 1)

let world: ModelWorld | undefined

/** Runs `work` in a world of its own, which the outbox takes for the browser that it knows. One at a time. */
export async function inModelWorld<T>(seed: number, work: (world: ModelWorld) => Promise<T>): Promise<T> {
  const random = seededRandom(seed)
  const time = new VirtualTime(START_MS)
  const server = new LedgerServer()
  const storage = new ModelStorage(() => random.chance(0.5))
  const network = new ModelNetwork(time, server)
  world = { random, time, storage, locks: new ModelLocks(), network, server }
  const restore = install(() => {
    if (!world) throw new Error('no run is going on')
    return world
  })
  try {
    await storage.prepare()
    forgetEarlierIds(time)
    return await work(world)
  } finally {
    restore()
    world = undefined
  }
}

/** Ids of the run before, however late its clock stood, must not decide the order of ours: a long way back resets them. */
function forgetEarlierIds(time: VirtualTime): void {
  const person = new Actor('the run before', 'person')
  const farMs = 200 * 365 * 24 * 60 * 60 * 1_000
  time.jump(farMs)
  person.run(() => uuidv7())
  time.jump(-farMs)
  person.run(() => uuidv7())
}

/** Puts the world in the place of the browser's globals, for code that runs as an actor; other code keeps the real ones. */
function install(current: () => ModelWorld): () => void {
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setImmediate: globalThis.setImmediate,
    now: Date.now,
    random: Math.random,
    getRandomValues: crypto.getRandomValues.bind(crypto),
    fetch: globalThis.fetch,
    timeout: AbortSignal.timeout,
  }
  const isActing = () => Actor.current() !== undefined
  const undo: (() => void)[] = [watchTransactions(() => world?.storage)]
  const replace = (target: object, name: string, value: PropertyDescriptor) => {
    const before = Object.getOwnPropertyDescriptor(target, name)
    Object.defineProperty(target, name, { configurable: true, ...value })
    undo.push(() => (before ? Object.defineProperty(target, name, before) : Reflect.deleteProperty(target, name)))
  }
  const replaceValue = (target: object, name: string, value: unknown) =>
    replace(target, name, { value, writable: true })

  const setTimer = (ring: () => void, delayMs = 0, ...rest: unknown[]) => {
    const actor = Actor.current()
    if (!actor) return (real.setTimeout as (...all: unknown[]) => unknown)(ring, delayMs, ...rest)
    return actor.isAlive ? current().time.setTimer(actor, ring, Math.max(1, delayMs)) : 0
  }
  replaceValue(globalThis, 'setTimeout', setTimer)
  replaceValue(globalThis, 'clearTimeout', (id: unknown) => {
    if (typeof id === 'number') current().time.clearTimer(id)
    else real.clearTimeout(id as NodeJS.Timeout)
  })
  replaceValue(globalThis, 'setImmediate', (task: () => void) =>
    isActing() ? current().time.queue(task) : real.setImmediate(task),
  )
  replaceValue(Date, 'now', () => (isActing() ? current().time.now() : real.now()))
  replaceValue(Math, 'random', () => (isActing() ? current().random.next() : real.random()))
  replaceValue(AbortSignal, 'timeout', (delayMs: number) => {
    if (!isActing()) return real.timeout.call(AbortSignal, delayMs)
    const abort = new AbortController()
    setTimer(() => abort.abort(new DOMException('too slow', 'TimeoutError')), delayMs)
    return abort.signal
  })
  replaceValue(crypto, 'getRandomValues', (into: Uint8Array<ArrayBuffer>) => {
    if (!isActing()) return real.getRandomValues(into)
    new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(current().random.bytes(into.byteLength))
    return into
  })
  for (const [name, method] of Object.entries(createInstantSubtle((length) => current().random.bytes(length)))) {
    const before = (crypto.subtle as unknown as Record<string, (...all: unknown[]) => unknown>)[name]
    replaceValue(crypto.subtle, name, (...all: never[]) =>
      isActing() ? (method as (...given: never[]) => unknown)(...all) : before?.apply(crypto.subtle, all),
    )
  }
  replaceValue(globalThis, 'fetch', (input: RequestInfo, init?: RequestInit) =>
    isActing() ? current().network.fetch(input, init) : real.fetch(input, init),
  )
  replaceValue(
    globalThis,
    'BroadcastChannel',
    createChannelClass(() => current().time),
  )
  replaceValue(globalThis, 'indexedDB', current().storage.factory)
  replaceValue(globalThis, 'addEventListener', listen)
  replaceValue(globalThis, 'document', {
    get visibilityState() {
      return Actor.current()?.isVisible ? 'visible' : 'hidden'
    },
    addEventListener: listen,
  })
  replaceValue(globalThis, 'navigator', {
    get onLine() {
      return current().network.isOnline
    },
    userAgent: 'model',
    locks: { request: requestLock },
  })
  return () => {
    for (const takeBack of undo.reverse()) takeBack()
  }

  function requestLock(name: string, ...rest: unknown[]): Promise<unknown> {
    const work = rest.pop() as (lock: Lock | null) => unknown
    const actor = Actor.current()
    // Whoever is dead waits for ever.
    if (!actor?.isAlive) return new Promise(() => {})
    return current().locks.request(actor, name, (rest[0] ?? {}) as LockOptions, work)
  }
}

function listen(type: string, listener: () => void, options: AddEventListenerOptions = {}): void {
  Actor.current()?.listen(type, listener, options.signal)
}
