import type { DeviceIdentity, FieldProblems, QueueEntryView } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
import { requestBackgroundSync } from './coordination/background-sync.ts'
import { ChangeChannel } from './coordination/change-channel.ts'
import { deviceIdentity } from './coordination/device-identity.ts'
import { withDrainLock } from './coordination/drain-lock.ts'
import { listenForTriggers } from './coordination/triggers.ts'
import { BACKOFF_CAP_MS } from './delivery/backoff.ts'
import { type DrainOptions, type DrainResult, drain } from './delivery/drain.ts'
import type { NewEntry } from './entry/entry.ts'
import { newEntry, refuseLargeGroups } from './entry/new-entry.ts'
import { reviveAs } from './entry/transitions.ts'
import { toView } from './entry/view.ts'
import { OUTBOX_EXPORT_FORMAT, OUTBOX_EXPORT_VERSION, type OutboxExport } from './export/outbox-export.ts'
import type { SyncEvent } from './log/sync-event.ts'
import type { QuarantinedRecord } from './quarantine/quarantined-record.ts'
import { EntryStore } from './store/entry-store.ts'
import { deleteQueue, type QueueRecord, registerQueue } from './store/queue-directory.ts'
import type { SyncEngine } from './sync-engine.ts'
import { INITIAL_SYNC_STATE, nextAttemptMs, type SyncState, summarise } from './sync-state.ts'

export interface OutboxOptions extends QueueRecord {
  fetch?: typeof fetch
  now?: () => number
  random?: () => number
  /** Told of everything the queue does in this context, after it is on disk. */
  onEvent?: (event: SyncEvent) => void
}

/** Longest delay that a timer takes; a later attempt is planned again when it rings. */
const MAX_TIMER_MS = 60_000

/**
 * A queue of writes that survives the page: what `enqueue` resolved for is on disk, and stays there until the server has
 * answered for it. See SPEC.md.
 */
export class Outbox implements SyncEngine {
  readonly queue: QueueRecord
  readonly #store: EntryStore
  readonly #channel: ChangeChannel
  readonly #fetch: typeof fetch
  readonly #now: () => number
  readonly #random: () => number
  readonly #listeners = new Set<() => void>()
  #state = INITIAL_SYNC_STATE
  #entries: readonly QueueEntryView[] = []
  #stopListening: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #refreshing: Promise<void> | undefined
  #isStale = false
  #registered: Promise<void> | undefined
  #canSendWithoutPage = false

  constructor({ fetch: send, now, random, onEvent: _onEvent, ...queue }: OutboxOptions) {
    this.queue = queue
    this.#store = new EntryStore(queue.queue)
    this.#channel = new ChangeChannel(queue.queue)
    this.#fetch = send ?? ((input, init) => globalThis.fetch(input, init))
    this.#now = now ?? Date.now
    this.#random = random ?? Math.random
    this.#channel.onChange(() => void this.#refresh())
  }

  /** Begins to deliver by itself while this page lives. Idempotent. */
  async start(): Promise<void> {
    if (this.#stopListening) return
    this.#stopListening = listenForTriggers({
      drain: () => void this.flush({ urgency: 'eager' }),
      lastChance: () => void this.flush({ keepalive: true }),
      connectivityChanged: () => void this.#refresh(),
    })
    await this.#register()
    await this.#store.prune(this.#now())
    await this.#refresh()
    if (this.#state.pending > 0) void this.#wake()
    void this.flush({ urgency: 'eager' })
  }

  stop(): void {
    this.#stopListening?.()
    this.#stopListening = undefined
    clearTimeout(this.#timer)
  }

  /** Stops and lets go of the database and the channel. */
  async close(): Promise<void> {
    this.stop()
    this.#channel.close()
    await this.#store.close()
  }

  /** Deletes the queue with everything in it from this device, because whoever owns it leaves. */
  async wipe(): Promise<void> {
    this.stop()
    this.#channel.close()
    this.#registered = undefined
    await withDrainLock(this.queue.queue, async () => {
      await this.#store.close()
      await deleteQueue(this.queue.queue)
    })
  }

  identity(): Promise<DeviceIdentity> {
    return deviceIdentity(this.#store)
  }

  /**
   * Puts writes into the queue, all or none; several share a group when they carry its id. They are on disk when this
   * resolves, and only then may a person be told that they are saved.
   *
   * @throws OutboxUnavailableError when nothing was saved
   */
  async enqueue(...writes: NewEntry[]): Promise<QueueEntryView[]> {
    refuseLargeGroups(writes)
    const entries = writes.map((write) => newEntry(write, this.#now()))
    await this.#store.add(entries)
    this.#channel.announce()
    void this.#wake()
    void this.flush()
    return entries.map(toView)
  }

  /** Delivers what is due now; `urgency` says what it waits for. Never rejects: the state tells what happened. */
  async flush(options: DrainOptions = {}): Promise<DrainResult | undefined> {
    try {
      const result = await withDrainLock(this.queue.queue, async () =>
        drain(
          {
            store: this.#store,
            queue: this.queue,
            identity: await this.identity(),
            fetch: this.#fetch,
            now: this.#now,
            random: this.#random,
            onChange: () => this.#channel.announce(),
          },
          options,
        ),
      )
      if (result.kind === 'waiting') void this.#wake()
      await this.#refresh()
      return result
    } catch {
      // The store went away under us. What it holds, it still holds, and is tried again.
      await this.#refresh()
      this.#plan(this.#now() + BACKOFF_CAP_MS / 10)
      return undefined
    }
  }

  /**
   * A dead letter goes out again, corrected or as it was, as a new operation on the same row.
   *
   * @returns undefined when it is no dead letter any more
   * @throws OutboxUnavailableError when nothing was saved; the letter stays as it was
   */
  async resend(opId: string, payload?: Record<string, unknown>): Promise<QueueEntryView | undefined> {
    const again = await this.#store.replace(opId, (entry) =>
      entry.state.kind === 'dead' ? reviveAs(entry, uuidv7(), payload ?? entry.payload) : undefined,
    )
    if (!again) return undefined
    this.#channel.announce()
    void this.#wake()
    void this.flush({ urgency: 'now' })
    return toView(again)
  }

  /** Lets go of a dead letter for good, because a person said so. */
  async discard(opId: string): Promise<void> {
    await this.#store.replace(opId, (entry) => (entry.state.kind === 'dead' ? null : undefined))
    this.#channel.announce()
  }

  /** What a person wrote, for showing or correcting a letter that did not go. */
  async payloadOf(opId: string): Promise<Record<string, unknown> | null> {
    return (await this.#store.get(opId))?.payload ?? null
  }

  /** What the server found wrong with the fields of a dead letter. */
  async problemsOf(opId: string): Promise<FieldProblems> {
    const state = (await this.#store.get(opId))?.state
    return (state?.kind === 'dead' && state.fields) || {}
  }

  /** Records that could not be read, the oldest first. */
  async readQuarantine(): Promise<QuarantinedRecord[]> {
    return []
  }

  /** Lets go of a quarantined record for good, because a person said so. */
  async discardQuarantined(_id: number): Promise<void> {}

  /** Dead letters, quarantine and log as plain data, for a file that a person keeps. */
  async exportUndeliverable(): Promise<OutboxExport> {
    return {
      format: OUTBOX_EXPORT_FORMAT,
      version: OUTBOX_EXPORT_VERSION,
      exportedAt: new Date(this.#now()).toISOString(),
      queue: this.queue.queue,
      tenantId: this.queue.tenantId,
      deadLetters: [],
      quarantined: [],
      log: await this.readLog(),
    }
  }

  /** The last lines of what the queue did, the oldest first; at most 200. */
  async readLog(): Promise<SyncEvent[]> {
    return []
  }

  /**
   * Grows with every change of the queue, in the same transaction; `getEntries` tells the queue as of this revision. 0
   * until the queue was read.
   */
  getRevision = (): number => 0

  saveDraft(formId: string, values: Record<string, unknown>): Promise<void> {
    return this.#store.saveDraft(formId, values, this.#now())
  }

  readDraft(formId: string): Promise<Record<string, unknown> | undefined> {
    return this.#store.readDraft(formId, this.#now())
  }

  deleteDraft(formId: string): Promise<void> {
    return this.#store.deleteDraft(formId)
  }

  /** Every entry, the oldest first, as of the last change; the same array until something changes. */
  getEntries = (): readonly QueueEntryView[] => this.#entries

  /** Every entry as it is on disk now. */
  async readEntries(): Promise<QueueEntryView[]> {
    return (await this.#store.all()).map(toView)
  }

  getState = (): SyncState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells the service worker of this queue, once. */
  #register(): Promise<void> {
    this.#registered ??= registerQueue(this.queue).catch((error: unknown) => {
      this.#registered = undefined
      throw error
    })
    return this.#registered
  }

  /** Reads the store, and once more for all changes that came in meanwhile; then what is told is as new as the call. */
  #refresh(): Promise<void> {
    this.#isStale = true
    this.#refreshing ??= this.#readWhileStale().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #readWhileStale(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false
      // A store that cannot be read leaves the last known state on the screen.
      await this.#read().catch(() => {})
    }
  }

  async #read(): Promise<void> {
    const [entries, delivery] = await Promise.all([this.#store.all(), this.#store.delivery()])
    this.#entries = entries.map(toView)
    this.#state = {
      ...summarise(entries, delivery, globalThis.navigator?.onLine ?? true),
      quarantined: 0,
      storage: 'unknown',
      canSendWithoutPage: this.#canSendWithoutPage,
    }
    this.#plan(nextAttemptMs(entries, delivery))
    for (const listener of this.#listeners) listener()
  }

  /**
   * Rings when the next attempt is due, whoever made the last one. A hidden page plans nothing: it is asked again when it
   * is shown.
   */
  #plan(atMs: number | null): void {
    clearTimeout(this.#timer)
    if (atMs === null || !this.#stopListening) return
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(50, atMs - this.#now()))
    this.#timer = setTimeout(() => {
      if (document.visibilityState === 'visible') void this.flush()
    }, delayMs)
  }

  /** Has the browser wake the service worker when there is a network, so that this page may go. */
  async #wake(): Promise<void> {
    try {
      await this.#register()
      const canWake = await requestBackgroundSync(this.queue.queue)
      if (canWake !== this.#canSendWithoutPage) {
        this.#canSendWithoutPage = canWake
        await this.#refresh()
      }
    } catch {
      // Only a chance to deliver; what is saved is saved, and this page goes on trying.
    }
  }
}
