import {
  IDBDatabase as FakeDatabase,
  IDBFactory as FakeFactory,
  IDBObjectStore as FakeObjectStore,
  IDBOpenDBRequest as FakeOpenRequest,
  forceCloseDatabase,
} from 'fake-indexeddb'
import { Actor, ActorDead } from './actor.ts'

/** What the device's storage does to the next transaction, or the next opening, that can have it. */
export type StorageFault =
  /** The disk is full: the transaction is taken back when it wrote. */
  | 'quota'
  /** The transaction is taken back for a reason of the browser's own. */
  | 'abort'
  /** Every connection ends, and its pages are told. */
  | 'closed'
  /** Every connection ends, and nobody is told, as Safari does to pages in the background. */
  | 'closed-silently'
  | 'open-fails'
  | 'open-hangs'

/** What fake-indexeddb keeps in its objects beyond the interface, and a crash has to know. */
interface Inner {
  _state: 'active' | 'inactive' | 'committing' | 'finished'
  _requests: unknown[]
  _abort(name: string | null): void
}
type InnerTransaction = IDBTransaction & Inner

/** The device's IndexedDB for one run: it knows who uses it, fails when told, and survives whoever is killed. */
export class ModelStorage {
  readonly factory: IDBFactory
  readonly #faults: StorageFault[] = []
  readonly #connections = new Set<IDBDatabase>()
  readonly #coin: () => boolean

  /** @param coin whether a transaction that was about to complete when its owner died is on disk */
  constructor(coin: () => boolean) {
    this.#coin = coin
    const storage = this
    this.factory = new (class extends FakeFactory {
      override open(name: string, version?: number): IDBOpenDBRequest {
        const actor = aliveActor()
        const fault = storage.#take('open-fails', 'open-hangs')
        if (fault === 'open-hangs') return new FakeOpenRequest()
        if (fault === 'open-fails') return asUnknownError(super.open(NEVER_OPENS, 1))
        const request = super.open(name, version)
        request.addEventListener('success', () => storage.#connected(actor, request.result))
        return request
      }
      override deleteDatabase(name: string): IDBOpenDBRequest {
        aliveActor()
        return super.deleteDatabase(name)
      }
    })()
  }

  /** Makes what a failing opening needs; once, before anything else. */
  async prepare(): Promise<void> {
    const request = FakeFactory.prototype.open.call(this.factory, NEVER_OPENS, 2)
    await new Promise((resolve) => request.addEventListener('success', resolve))
    request.result.close()
  }

  plan(fault: StorageFault): void {
    if (fault !== 'closed' && fault !== 'closed-silently') return void this.#faults.push(fault)
    for (const connection of this.#connections) {
      if (fault === 'closed') forceCloseDatabase(connection as never)
      else connection.close()
    }
    this.#connections.clear()
  }

  mend(): void {
    this.#faults.length = 0
  }

  /** Called for every transaction that anybody begins. */
  began(actor: Actor | undefined, transaction: InnerTransaction): void {
    const isOver = actor?.onDeath(() => this.#ownerDied(transaction))
    if (isOver) for (const type of ['complete', 'abort']) transaction.addEventListener(type, isOver)
    if (transaction.mode !== 'readwrite') return
    const fault = this.#take('quota', 'abort')
    if (fault) doomed.set(transaction, fault === 'quota' ? 'QuotaExceededError' : 'UnknownError')
  }

  #connected(actor: Actor, connection: IDBDatabase): void {
    if (!actor.isAlive) {
      connection.close()
      return
    }
    this.#connections.add(connection)
    const isClosed = actor.onDeath(() => {
      this.#connections.delete(connection)
      connection.close()
    })
    connection.addEventListener('close', isClosed)
  }

  #ownerDied(transaction: InnerTransaction): void {
    if (transaction._state === 'finished') return
    if (transaction._requests.length === 0 && this.#coin()) return
    transaction._abort('AbortError')
  }

  #take(...kinds: StorageFault[]): StorageFault | undefined {
    const index = this.#faults.findIndex((fault) => kinds.includes(fault))
    return index === -1 ? undefined : this.#faults.splice(index, 1)[0]
  }
}

/** A database of a later version than anybody asks for. */
const NEVER_OPENS = 'never-opens'

/** Transactions that fail once they have written, and how. */
const doomed = new WeakMap<IDBTransaction, string>()

function aliveActor(): Actor {
  const actor = Actor.current()
  if (!actor?.isAlive) throw new ActorDead()
  return actor
}

/** A request that fails as one for a broken file does. */
function asUnknownError(request: IDBOpenDBRequest): IDBOpenDBRequest {
  request.addEventListener('error', () => {
    Object.assign(request, { error: new DOMException('the file is broken', 'UnknownError') })
  })
  return request
}

/** Watches every transaction of the process; `storage` says whose run it belongs to. @returns the way back */
export function watchTransactions(storage: () => ModelStorage | undefined): () => void {
  const { transaction } = FakeDatabase.prototype
  const { put } = FakeObjectStore.prototype
  FakeDatabase.prototype.transaction = function (...rest) {
    const actor = Actor.current()
    // An upgrade is the database's own, and ends even when whoever asked for it is gone.
    if (actor && !actor.isAlive && rest[1] !== ('versionchange' as never)) throw new ActorDead()
    const begun = transaction.apply(this, rest)
    storage()?.began(actor, begun as InnerTransaction)
    return begun
  }
  FakeObjectStore.prototype.put = function (...rest) {
    const request = put.apply(this, rest)
    const failure = doomed.get(this.transaction)
    if (failure !== undefined) {
      doomed.delete(this.transaction)
      const inner = this.transaction as InnerTransaction
      request.addEventListener('success', () => inner._state !== 'finished' && inner._abort(failure))
    }
    return request
  }
  return () => {
    FakeDatabase.prototype.transaction = transaction
    FakeObjectStore.prototype.put = put
  }
}
