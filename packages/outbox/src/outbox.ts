import type { DeviceIdentity, FieldProblems, QueueEntryView } from '@landfall/contract'
import { requestBackgroundSync, whenServiceWorkerReady } from './coordination/background-sync.ts'
import { ChangeChannel } from './coordination/change-channel.ts'
import { deviceIdentity } from './coordination/device-identity.ts'
import { withDrainLock } from './coordination/drain-lock.ts'
import { askForPersistence, readPersistence } from './coordination/storage-persistence.ts'
import { listenForTriggers } from './coordination/triggers.ts'
import type { DrainOptions, DrainResult } from './delivery/drain.ts'
import { DrainRunner } from './delivery/drain-runner.ts'
import type { NewEntry } from './entry/entry.ts'
import { newEntry, refuseLargeGroups } from './entry/new-entry.ts'
import type { OperationWrite, Rewrite, RewriteCounts } from './entry/operation-write.ts'
import type { SupersededOperation } from './entry/superseded.ts'
import { toView } from './entry/view.ts'
import { buildExport } from './export/build-export.ts'
import type { OutboxExport } from './export/outbox-export.ts'
import { Intake, type IntakeSnapshot, type Replacement } from './intake.ts'
import type { SyncEvent } from './log/sync-event.ts'
import type { QuarantinedRecord } from './quarantine/quarantined-record.ts'
import { EntryStore } from './store/entry-store.ts'
import { deleteQueue, type QueueRecord, registerQueue } from './store/queue-directory.ts'
import type { SyncEngine } from './sync-engine.ts'
import { QueueWatch } from './watch/queue-watch.ts'

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
  readonly #watch: QueueWatch
  readonly #drains: DrainRunner
  readonly #intake: Intake
  readonly #now: () => number
  #stopListening: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #plannedAtMs: number | null = null
  /** A drain has looked at this revision, and knows when the next one is worth it. */
  #lastDrain: { revision: number; notBeforeMs: number } | undefined
  #registered: Promise<void> | undefined
  #hasAskedForPersistence = false

  constructor({ fetch: given, now = Date.now, random = Math.random, onEvent, ...queue }: OutboxOptions) {
    this.queue = queue
    this.#now = now
    this.#channel = new ChangeChannel(queue.queue)
    this.#store = new EntryStore(queue.queue, {
      now,
      onOpen: () => this.#watch.distrust(),
      onChange: (change, entries) => this.#channel.announce(change, entries),
      ...(onEvent ? { onEvent } : {}),
    })
    this.#intake = new Intake(queue.queue, this.#store, now)
    const fetch: typeof globalThis.fetch = given ?? ((input, init) => globalThis.fetch(input, init))
    this.#drains = new DrainRunner(queue.queue, { now, random }, async () => {
      return { store: this.#store, queue, identity: await this.identity(), fetch, now, random }
    })
    this.#watch = new QueueWatch(this.#store, (atMs) => this.#plan(atMs))
    this.#channel.onChange((change, entries) => this.#watch.follow(change, entries))
  }

  /** Begins to deliver by itself while this page lives. Idempotent. */
  async start(): Promise<void> {
    if (this.#stopListening) return
    const stop = listenForTriggers({
      drain: () => void this.flush({ urgency: 'eager' }),
      lastChance: () => void this.flush({ keepalive: true }),
      connectivityChanged: () => void this.#watch.refresh(),
    })
    this.#stopListening = stop
    // Without its name in the directory the service worker does not find the queue; this page delivers all the same.
    const registered = this.#register()
    registered.catch(() => {})
    // A disk too full to forget anything on is no reason not to deliver.
    await this.#store.prune().catch(() => {})
    await this.#watch.refresh()
    if (this.#stopListening !== stop) return
    this.#watch.setBrowserState({ storage: await readPersistence() })
    this.#wakeIfWaiting()
    whenServiceWorkerReady(() => this.#stopListening === stop && this.#wakeIfWaiting())
    void this.flush({ urgency: 'eager' })
    await registered
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
    const entries = await this.#store.add(writes.map((write) => newEntry(write, this.#now())))
    this.#afterSaving()
    return entries.map((entry, index) => toView(entry, { changes: writes[index]?.changes ?? null, conflict: null }))
  }

  /**
   * The queue as of one revision; `superseded` are those of `about` that left it otherwise than by delivery.
   *
   * @throws OutboxUnavailableError
   */
  readSnapshot = (about: readonly string[] = []): Promise<IntakeSnapshot> => this.#intake.readSnapshot(about)

  /**
   * Puts writes into the queue by their own ids, all or none. One that is there already stays as it is, and one that is
   * superseded does not come back.
   *
   * @throws OutboxUnavailableError when nothing was saved
   * @throws RangeError for a group or an operation that no request takes
   */
  async put(writes: readonly OperationWrite[], superseded: readonly SupersededOperation[] = []): Promise<void> {
    await this.#intake.put(writes, superseded)
    this.#afterSaving()
  }

  /** Puts other writes in the place of some; false, and nothing changed, when one of them may have been sent. */
  async replaceUnsent(replacement: Replacement): Promise<boolean> {
    const isReplaced = await this.#intake.replaceUnsent(replacement)
    if (isReplaced) this.#afterSaving()
    return isReplaced
  }

  /** Takes writes back; false, and nothing changed, when one of them may have been sent. */
  withdrawUnsent = (opIds: readonly string[]): Promise<boolean> => this.#intake.withdrawUnsent(opIds)

  /** Rewrites what was never sent, for a schema that took the place of the one it was made for. */
  rewriteUnsent = (rewrite: (write: OperationWrite) => Rewrite): Promise<RewriteCounts> =>
    this.#intake.rewriteUnsent(rewrite)

  /** Delivers what is due now; `urgency` says what it waits for. Never rejects: the state tells what happened. */
  async flush(options: DrainOptions = {}): Promise<DrainResult | undefined> {
    const result = await this.#drains.run(options)
    if (result?.kind === 'waiting') void this.#wake()
    await this.#watch.refresh()
    if (result) {
      const notBeforeMs = result.kind === 'waiting' ? result.untilMs : Number.POSITIVE_INFINITY
      this.#lastDrain = { revision: this.getRevision(), notBeforeMs }
      this.#plan(this.#plannedAtMs)
    }
    return result
  }

  /**
   * A dead letter goes out again, corrected or as it was, as a new operation on the same row.
   *
   * @returns undefined when it is no dead letter any more
   * @throws OutboxUnavailableError when nothing was saved; the letter stays as it was
   */
  async resend(opId: string, payload?: Record<string, unknown>): Promise<QueueEntryView | undefined> {
    const again = await this.#store.revive(opId, payload)
    if (!again) return undefined
    void this.#wake()
    void this.flush({ urgency: 'now' })
    return toView(again, (await this.#store.shown([again.opId])).get(again.opId))
  }

  /** Lets go of a dead letter for good, because a person said so. What waited behind it goes on. */
  async discard(opId: string): Promise<void> {
    await this.#store.discard(opId)
    void this.flush()
  }

  /** What a person wrote, for showing or correcting a letter that did not go. */
  async payloadOf(opId: string): Promise<Record<string, unknown> | null> {
    const opened = (await this.#store.payloads([opId])).get(opId)
    return opened?.kind === 'opened' ? opened.payload : null
  }

  /** What the server found wrong with the fields of a dead letter. */
  async problemsOf(opId: string): Promise<FieldProblems> {
    const state = (await this.#store.get(opId))?.state
    return (state?.kind === 'dead' && state.fields) || {}
  }

  /** Records that could not be read, the oldest first. */
  readQuarantine = (): Promise<QuarantinedRecord[]> => this.#store.readQuarantine()

  /** Lets go of a quarantined record for good, because a person said so. */
  discardQuarantined = (id: number): Promise<void> => this.#store.discardQuarantined(id)

  /** Dead letters, quarantine and log as plain data, for a file that a person keeps. */
  exportUndeliverable = (): Promise<OutboxExport> => buildExport(this.#store, this.queue, this.#now())

  /** The last lines of what the queue did, the oldest first; at most 200. */
  readLog = (): Promise<SyncEvent[]> => this.#store.readLog()

  saveDraft = (formId: string, values: Record<string, unknown>): Promise<void> => this.#store.saveDraft(formId, values)
  readDraft = (formId: string): Promise<Record<string, unknown> | undefined> => this.#store.readDraft(formId)
  deleteDraft = (formId: string): Promise<void> => this.#store.deleteDraft(formId)

  /** Every entry, the oldest first, as of the last change; the same array until something changes. */
  getEntries = (): readonly QueueEntryView[] => this.#watch.getViews()

  /**
   * Grows with every change of the queue, in the same transaction; `getEntries` tells the queue as of this revision. 0
   * until the queue was read.
   */
  getRevision = (): number => this.#watch.getRevision()

  /** Every entry as it is on disk now. */
  async readEntries(): Promise<QueueEntryView[]> {
    const { entries = [] } = await this.#store.snapshot()
    const shown = await this.#store.shown(entries.map(({ opId }) => opId))
    return entries.map((entry) => toView(entry, shown.get(entry.opId)))
  }

  getState = () => this.#watch.getState()
  subscribe = (listener: () => void): (() => void) => this.#watch.subscribe(listener)

  #afterSaving(): void {
    void this.flush()
    // In the next task: whoever waits to tell a person "saved" goes first.
    setTimeout(() => {
      void this.#wake()
      void this.#keepStorage()
    })
  }

  /** Tells the service worker of this queue, once. */
  #register(): Promise<void> {
    this.#registered ??= registerQueue(this.queue).catch((error: unknown) => {
      this.#registered = undefined
      throw error
    })
    return this.#registered
  }

  /**
   * Rings when the next attempt is due, whoever made the last one. A hidden page plans nothing: it is asked again when it
   * is shown.
   */
  #plan(atMs: number | null): void {
    clearTimeout(this.#timer)
    this.#plannedAtMs = atMs
    if (atMs === null || !this.#stopListening) return
    const drained = this.#lastDrain?.revision === this.getRevision() ? this.#lastDrain.notBeforeMs : 0
    const dueMs = Math.max(atMs, drained, this.#drains.storeNotBeforeMs)
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(50, dueMs - this.#now()))
    this.#timer = setTimeout(() => {
      if (document.visibilityState === 'visible') void this.flush()
    }, delayMs)
  }

  #wakeIfWaiting(): void {
    if (this.getState().pending > 0) void this.#wake()
  }

  /** Has the browser wake the service worker when there is a network, so that this page may go. */
  async #wake(): Promise<void> {
    try {
      await this.#register()
      this.#watch.setBrowserState({ canSendWithoutPage: await requestBackgroundSync(this.queue.queue) })
    } catch {
      // Only a chance to deliver; what is saved is saved, and this page goes on trying.
    }
  }

  /** Once a page, when there is something to lose; nobody waits for the answer. */
  async #keepStorage(): Promise<void> {
    if (this.#hasAskedForPersistence || typeof document === 'undefined') return
    this.#hasAskedForPersistence = true
    this.#watch.setBrowserState({ storage: await askForPersistence() })
  }
}
