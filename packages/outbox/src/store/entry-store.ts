import type { Entry } from '../entry/entry.ts'
import type { UnsavedEntry } from '../entry/new-entry.ts'
import type { OperationWrite, Rewrite } from '../entry/operation-write.ts'
import type { SupersededOperation } from '../entry/superseded.ts'
import { readLogLines } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { quarantineEntries } from '../quarantine/quarantine-entries.ts'
import { discardQuarantined, readQuarantine } from '../quarantine/quarantine-store.ts'
import type { QuarantinedRecord, QuarantineReason } from '../quarantine/quarantined-record.ts'
import { KeyRing } from '../sealing/key-ring.ts'
import { openPayloads, openQuarantined, openShown } from '../sealing/open-contents.ts'
import { sealWhatIsPlain } from '../sealing/seal-plain.ts'
import { StoreConnection } from './connection.ts'
import { discardDeadLetter, reviveDeadLetter } from './dead-letters.ts'
import { deleteDraft, readDraft, saveDraft } from './drafts.ts'
import { getOrCreateMeta } from './get-or-create-meta.ts'
import { readDelivery } from './meta.ts'
import { prune } from './prune.ts'
import { hasWaiting, readSnapshot, readSome, readUndelivered } from './read-entries.ts'
import { replaceUnsentEntries, type UnsavedReplacement } from './replace-entries.ts'
import { rewriteUnsentEntries } from './rewrite-entries.ts'
import { clearMark, markSending, type SendingMark } from './sending-mark.ts'
import type { Change, StoreContext } from './store-context.ts'
import { readSupersededAmong } from './superseded-store.ts'
import { addEntries, type UpdateOptions, updateEntries } from './write-entries.ts'

export interface EntryStoreOptions {
  now?: () => number
  /** Called when the store was opened, anew perhaps: what was read of it before may be of another. */
  onOpen?: () => void
  /** Called after each transaction that changed the queue. */
  onChange?: (change: Change, entries?: readonly Entry[]) => void
  /** Called after the transaction that did it. */
  onEvent?: (event: SyncEvent) => void
}

/** The durable part of a queue: every method is one IndexedDB transaction and resolves on its completion. */
export class EntryStore {
  readonly #context: StoreContext
  readonly #untold: (() => void)[] = []
  #sealing: Promise<void> = Promise.resolve()
  #lastDraft: Promise<unknown> = Promise.resolve()

  constructor(queue: string, { now = Date.now, onOpen, onChange, onEvent }: EntryStoreOptions = {}) {
    const connection = new StoreConnection(queue, () => {
      onOpen?.()
      this.#sealPlain()
    })
    const tell: StoreContext['committed'] = (change, events, entries) => {
      if (change) onChange?.(change, entries)
      if (onEvent) for (const event of events) onEvent(event)
    }
    this.#context = {
      queue,
      connection,
      keys: new KeyRing(connection),
      now,
      committed: (...told) => {
        this.tellPending()
        tell(...told)
      },
      committedSoon: (...told) => {
        this.#untold.push(() => tell(...told))
        setTimeout(() => this.tellPending())
      },
    }
  }

  /** Tells what is on the disk and was not told yet, so that nothing is heard of out of its order. */
  tellPending(): void {
    for (const tell of this.#untold.splice(0)) tell()
  }

  close = (): Promise<void> => this.#context.connection.close()

  /** Resolves when what an earlier version had left in plain is sealed, or could not be this time. */
  whenSealed = async (): Promise<void> => {
    await this.#context.connection.use(async () => {})
    await this.#sealing
  }

  add = (writes: readonly UnsavedEntry[], superseded?: readonly SupersededOperation[]) =>
    addEntries(this.#context, writes, superseded)
  replaceUnsent = (replacement: UnsavedReplacement) => replaceUnsentEntries(this.#context, replacement)
  rewriteUnsent = (rewrite: (write: OperationWrite) => Rewrite) => rewriteUnsentEntries(this.#context, rewrite)
  superseded = (opIds: readonly string[]) => readSupersededAmong(this.#context, opIds)
  update = (opIds: readonly string[], change: (entry: Entry) => Entry, options?: UpdateOptions) =>
    updateEntries(this.#context, opIds, change, options)

  markSending = (
    batch: readonly Entry[],
    mark: Omit<SendingMark, 'opIds'>,
    isKeepalive: boolean,
    durability: IDBTransactionDurability = 'relaxed',
  ) => markSending(this.#context, batch, mark, isKeepalive, durability)

  clearMark = () => clearMark(this.#context)

  snapshot = (knownRevision?: number) => readSnapshot(this.#context, knownRevision)
  some = (opIds: readonly string[]) => readSome(this.#context, opIds)
  get = async (opId: string): Promise<Entry | undefined> => (await this.some([opId])).entries[0]
  /** Waiting and dead ones, in order of writing. */
  undelivered = () => readUndelivered(this.#context)
  hasWaiting = () => hasWaiting(this.#context)
  delivery = () =>
    this.#context.connection.use(async (database) => readDelivery(await database.get('meta', 'delivery')))

  payloads = (opIds: readonly string[]) => openPayloads(this.#context, opIds)
  shown = (opIds: readonly string[]) => openShown(this.#context, opIds)

  revive = (opId: string, correction?: Record<string, unknown>) => reviveDeadLetter(this.#context, opId, correction)
  discard = (opId: string) => discardDeadLetter(this.#context, opId)

  quarantine = (suspects: ReadonlyMap<string, QuarantineReason>) => quarantineEntries(this.#context, suspects)
  readQuarantine = () => readQuarantine(this.#context)
  openQuarantined = (one: QuarantinedRecord) => openQuarantined(this.#context, one)
  discardQuarantined = (id: number) => discardQuarantined(this.#context, id)

  readLog = () => this.#context.connection.use(readLogLines)

  getOrCreateMeta = <T>(key: string, create: () => T, isReadable: (value: unknown) => value is T) =>
    getOrCreateMeta(this.#context, key, create, isReadable)

  saveDraft = (formId: string, values: Record<string, unknown>) =>
    this.#inTurn(() => saveDraft(this.#context, formId, values))
  readDraft = (formId: string) => this.#inTurn(() => readDraft(this.#context, formId))
  deleteDraft = (formId: string) => this.#inTurn(() => deleteDraft(this.#context, formId))

  prune = () => prune(this.#context)

  /** Sealing takes a while: a draft that is being saved must not come back after it was deleted. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastDraft.then(work)
    this.#lastDraft = done.catch(() => {})
    return done
  }

  #sealPlain(): void {
    // What could not be sealed now is tried again by whoever opens the store next.
    this.#sealing = sealWhatIsPlain(this.#context).catch(() => {})
  }
}
