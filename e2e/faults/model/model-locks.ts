import type { Actor } from './actor.ts'

interface Request {
  actor: Actor
  mode: LockMode
  work: (lock: Lock | null) => unknown
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
  /** Its owner's death is nothing to it any more. */
  forget: () => void
}

/** Web Locks across the tabs and workers of one run; whoever dies lets go, and leaves the line. */
export class ModelLocks {
  readonly #held = new Map<string, Request[]>()
  readonly #waiting = new Map<string, Request[]>()

  request(actor: Actor, name: string, options: LockOptions, work: (lock: Lock | null) => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request: Request = { actor, mode: options.mode ?? 'exclusive', work, resolve, reject, forget: () => {} }
      if (options.ifAvailable && !this.#isFree(name, request.mode)) {
        return void settle(request, null)
      }
      const line = this.#waiting.get(name) ?? []
      this.#waiting.set(name, line)
      line.push(request)
      options.signal?.addEventListener('abort', () => {
        const index = line.indexOf(request)
        if (index === -1) return
        line.splice(index, 1)
        reject(options.signal?.reason)
        this.#grant(name)
      })
      request.forget = actor.onDeath(() => {
        const index = line.indexOf(request)
        if (index !== -1) line.splice(index, 1)
        this.#release(name, request)
      })
      this.#grant(name)
    })
  }

  #isFree(name: string, mode: LockMode): boolean {
    const held = this.#held.get(name) ?? []
    const first = this.#waiting.get(name)?.length ?? 0
    return first === 0 && (held.length === 0 || (mode === 'shared' && held.every((other) => other.mode === 'shared')))
  }

  #grant(name: string): void {
    const line = this.#waiting.get(name) ?? []
    for (;;) {
      const [next] = line
      const held = this.#held.get(name) ?? []
      const isShared = next?.mode === 'shared' && held.every((other) => other.mode === 'shared')
      if (!next || (held.length > 0 && !isShared)) return
      line.shift()
      this.#held.set(name, [...held, next])
      void settle(next, { name, mode: next.mode }).finally(() => this.#release(name, next))
    }
  }

  #release(name: string, request: Request): void {
    const held = this.#held.get(name) ?? []
    if (!held.includes(request)) return
    request.forget()
    this.#held.set(
      name,
      held.filter((other) => other !== request),
    )
    this.#grant(name)
  }
}

/** Runs the work as its owner; never rejects itself. */
async function settle(request: Request, lock: Lock | null): Promise<void> {
  try {
    // Granted in a turn of its own, as browsers do.
    await Promise.resolve()
    if (!request.actor.isAlive) return
    request.resolve(await request.actor.run(async () => request.work(lock)))
  } catch (error) {
    request.reject(error)
  }
}
