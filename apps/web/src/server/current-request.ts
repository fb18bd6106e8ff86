import { AsyncLocalStorage } from 'node:async_hooks'

// Next evaluates a module once a bundle; who logs may stand in another than who began the request.
const holder = globalThis as { landfallRequestId?: AsyncLocalStorage<string> }

function storage(): AsyncLocalStorage<string> {
  holder.landfallRequestId ??= new AsyncLocalStorage()
  return holder.landfallRequestId
}

/** Runs `work` as part of the request of this correlation id. */
export function asRequest<T>(requestId: string, work: () => T): T {
  return storage().run(requestId, work)
}

/** Correlation id of the request that this code runs for, for libraries that log without knowing it. */
export function currentRequestId(): string | undefined {
  return storage().getStore()
}
