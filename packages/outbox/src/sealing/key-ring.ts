import { uuidv7 } from 'uuidv7'
import { issued, type StoreConnection, type WriteTransaction, writeStores } from '../store/connection.ts'
import { asUnavailable, OutboxUnavailableError } from '../store/errors.ts'
import type { StoreNames } from '../store/open-store.ts'
import { hasWebCrypto, isSealingKey, makeSealingKey, type SealingKey } from './seal.ts'

/** The key goes only when nothing sealed is left, so a writer loses this race a few times at the very most. */
const ATTEMPTS = 10

class StaleKeyError extends Error {
  override name = 'StaleKeyError'
}

/**
 * The key of a queue, as one context knows it. There is one at a time in the store `keys`; tabs and service worker share
 * it, and any of them may replace it when nothing sealed is left. WebCrypto takes longer than a transaction waits, so
 * content is sealed before, and the transaction looks whether the key is still the one.
 */
export class KeyRing {
  readonly #connection: StoreConnection
  #current: { sealing: SealingKey; isStored: boolean } | undefined
  #finding: Promise<SealingKey | null> | undefined
  /** Private windows of some browsers keep no keys. */
  #isImpossible = false

  constructor(connection: StoreConnection) {
    this.#connection = connection
  }

  /**
   * Writes what `prepare` sealed, in one transaction over `stores`; seals again when the key was replaced meanwhile.
   *
   * @throws OutboxUnavailableError when nothing was written
   */
  async writeSealed<Prepared, Result>(
    stores: readonly StoreNames[],
    prepare: (key: SealingKey | null) => Promise<Prepared>,
    work: (tx: WriteTransaction, prepared: Prepared) => Promise<Result>,
    durability: IDBTransactionDurability = 'strict',
  ): Promise<Result> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const sealing = await this.#toSealWith()
      const prepared = await prepare(sealing).catch((error: unknown) => {
        throw asUnavailable(error)
      })
      const isNew = sealing !== null && !this.#current?.isStored
      try {
        const result = await writeStores(
          this.#connection,
          [...stores, 'keys'],
          async (tx) => {
            const working = issued(work(tx, prepared))
            // Looked at while the work goes on: what was written under a key that is gone is taken back.
            if (sealing && !(await this.#confirm(tx, sealing))) throw new StaleKeyError()
            return working
          },
          // The key must not be lost under what it sealed.
          isNew ? 'strict' : durability,
        )
        if (this.#current?.sealing === sealing) this.#current.isStored = true
        return result
      } catch (error) {
        if (!((error as Error).cause instanceof StaleKeyError)) throw error
        this.forget()
      }
    }
    throw new OutboxUnavailableError('failed', 'the key was replaced again and again')
  }

  /** The key of that name, undefined when it is gone. */
  async find(keyId: string): Promise<CryptoKey | undefined> {
    if (this.#current?.sealing.id === keyId) return this.#current.sealing.key
    const stored = await this.#connection.use((database) => database.get('keys', keyId))
    if (stored === undefined || isSealingKey(stored)) return stored?.key
    await this.#letGoOfDamaged()
    return undefined
  }

  /** The key in memory may be gone from the disk. */
  forget(): void {
    this.#current = undefined
  }

  async #toSealWith(): Promise<SealingKey | null> {
    if (!hasWebCrypto() || this.#isImpossible) return null
    if (this.#current) return this.#current.sealing
    this.#finding ??= this.#findOrMake().finally(() => {
      this.#finding = undefined
    })
    return this.#finding
  }

  async #findOrMake(): Promise<SealingKey | null> {
    const [found] = await this.#connection.use((database) => database.getAll('keys', null, 1))
    const stored = isSealingKey(found) ? found : undefined
    if (found !== undefined && !stored) await this.#letGoOfDamaged()
    const sealing = stored ?? (await makeSealingKey(uuidv7()).catch(() => null))
    this.#isImpossible = sealing === null
    this.#current = sealing ? { sealing, isStored: stored !== undefined } : undefined
    return sealing
  }

  /** What it sealed cannot be read any more, and nothing new could be sealed beside it. */
  #letGoOfDamaged(): Promise<void> {
    return writeStores(this.#connection, ['keys'], async (tx) => {
      const keys = tx.objectStore('keys')
      for (const id of await keys.getAllKeys()) if (!isSealingKey(await keys.get(id))) await keys.delete(id)
    })
  }

  /** Whether `sealing` is the queue's key; one that was never kept is kept now if there is no other. */
  async #confirm(tx: WriteTransaction, sealing: SealingKey): Promise<boolean> {
    const keys = tx.objectStore('keys')
    const [storedId] = await keys.getAllKeys(null, 1)
    if (storedId === sealing.id) return true
    // One that was kept and is gone was shredded: it must not come back.
    if (storedId !== undefined || this.#current?.sealing !== sealing || this.#current.isStored) return false
    try {
      await keys.put(sealing)
      return true
    } catch (error) {
      if ((error as Error).name !== 'DataCloneError') throw error
      this.#isImpossible = true
      return false
    }
  }
}
