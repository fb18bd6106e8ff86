import type { ControlMessage, LeaderMessage, PageMessage } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'

export const WIPED_STATUS: LocalDbStatus = { phase: 'failed', message: 'The local database was deleted.' }

/** A page's ear to the worker that leads, whichever that is, and its latest status. */
export class ControlChannel {
  readonly #channel: BroadcastChannel
  readonly #statusListeners = new Set<() => void>()
  readonly #messageListeners = new Set<(message: LeaderMessage) => void>()
  #status: LocalDbStatus = { phase: 'opening' }

  constructor(name: string) {
    this.#channel = new BroadcastChannel(name)
    this.#channel.onmessage = ({ data }: MessageEvent<ControlMessage>) => this.#receive(data)
  }

  get status(): LocalDbStatus {
    return this.#status
  }

  subscribeStatus(listener: () => void): () => void {
    this.#statusListeners.add(listener)
    return () => this.#statusListeners.delete(listener)
  }

  /** Resolves with the first status that the predicate accepts, the present one included. */
  whenStatus<S extends LocalDbStatus>(accepts: (status: LocalDbStatus) => status is S): Promise<S> {
    return new Promise((resolve) => {
      const check = () => {
        if (!accepts(this.#status)) return
        unsubscribe()
        resolve(this.#status)
      }
      const unsubscribe = this.subscribeStatus(check)
      check()
    })
  }

  /** Resolves with the leader's next answer of one of these types. */
  nextMessage<T extends LeaderMessage['type']>(...types: T[]): Promise<Extract<LeaderMessage, { type: T }>> {
    return new Promise((resolve) => {
      const listener = (message: LeaderMessage) => {
        if (!types.some((type) => type === message.type)) return
        this.#messageListeners.delete(listener)
        resolve(message as Extract<LeaderMessage, { type: T }>)
      }
      this.#messageListeners.add(listener)
    })
  }

  /** What the page knows by itself, until a leader says otherwise. */
  note(status: LocalDbStatus): void {
    this.#setStatus(status)
  }

  send(message: PageMessage): void {
    this.#channel.postMessage(message)
  }

  close(): void {
    this.#channel.close()
    this.#statusListeners.clear()
    this.#messageListeners.clear()
  }

  #receive(message: ControlMessage): void {
    switch (message.type) {
      case 'status':
        this.#setStatus(message.status)
        break
      case 'wiped':
        this.#setStatus(WIPED_STATUS)
        break
      case 'wipe-failed':
        break
      case 'configure':
      case 'network':
      case 'ask-status':
      case 'wipe':
        // Other pages talking to the workers.
        return
    }
    for (const listener of [...this.#messageListeners]) listener(message)
  }

  #setStatus(status: LocalDbStatus): void {
    this.#status = status
    for (const listener of [...this.#statusListeners]) listener()
  }
}
