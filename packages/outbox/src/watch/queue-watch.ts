import type { QueueEntryView } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import { type ShownContent, showsContent } from '../entry/view.ts'
import type { EntryStore } from '../store/entry-store.ts'
import { type DeliveryRecord, INITIAL_DELIVERY } from '../store/meta.ts'
import type { Change } from '../store/store-context.ts'
import { INITIAL_SYNC_STATE, nextAttemptMs, type SyncState, summarise } from '../sync-state.ts'
import { EntryList } from './entry-list.ts'

/** A change, and the entries as it left them where that is known without reading. */
type FollowedChange = Change & { entries?: readonly Entry[] | undefined }

/** What this page knows about the browser rather than about the queue. */
export type BrowserState = Pick<SyncState, 'canSendWithoutPage' | 'storage'>

/**
 * What a page knows of its queue, kept up with the store: changes that are told one after the other are read alone, and
 * everything is read anew when one was missed.
 */
export class QueueWatch {
  readonly #store: EntryStore
  readonly #onUpdate: (nextAttemptAtMs: number | null) => void
  readonly #listeners = new Set<() => void>()
  readonly #list = new EntryList()
  #delivery: DeliveryRecord = INITIAL_DELIVERY
  #quarantined = 0
  #storeId: unknown
  #lost = 0
  #revision = 0
  #browser: BrowserState = { canSendWithoutPage: false, storage: 'unknown' }
  #state = INITIAL_SYNC_STATE
  #changes: FollowedChange[] = []
  #mustLookAtAll = false
  /** The store may be another than the one that was read: its revisions say nothing about ours. */
  #isTrusted = false
  #reading: Promise<void> | undefined

  constructor(store: EntryStore, onUpdate: (nextAttemptAtMs: number | null) => void) {
    this.#store = store
    this.#onUpdate = onUpdate
  }

  getState = (): SyncState => this.#state
  getViews = (): readonly QueueEntryView[] => this.#list.views
  getRevision = (): number => this.#revision

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setBrowserState(changes: Partial<BrowserState>): void {
    const next = { ...this.#browser, ...changes }
    if (next.canSendWithoutPage === this.#browser.canSendWithoutPage && next.storage === this.#browser.storage) return
    this.#browser = next
    this.#tell()
  }

  /** Has everything read anew at the next occasion. */
  distrust(): void {
    this.#isTrusted = false
  }

  /** Takes in what another transaction changed; null when nobody knows what. */
  follow(change: Change | null, entries?: readonly Entry[]): void {
    if (change) this.#changes.push({ ...change, entries })
    else this.#mustLookAtAll = true
    void this.#catchUp()
  }

  /** Resolves when what is told is as new as the call. Never rejects: a store that cannot be read leaves the last known state. */
  refresh(): Promise<void> {
    this.#mustLookAtAll = true
    return this.#catchUp()
  }

  #catchUp(): Promise<void> {
    // Never within the call: what is told on the way must find that somebody reads already.
    this.#reading ??= Promise.resolve()
      .then(() => this.#readWhileStale())
      .finally(() => {
        this.#reading = undefined
      })
    return this.#reading
  }

  async #readWhileStale(): Promise<void> {
    this.#store.tellPending()
    while (this.#mustLookAtAll || this.#changes.length > 0) {
      const changes = this.#changes.filter(({ revision }) => revision > this.#revision)
      const isGapless = changes.every(({ revision }, index) => revision === this.#revision + 1 + index)
      const mustLookAtAll = this.#mustLookAtAll || !isGapless || !this.#isTrusted
      this.#changes = []
      this.#mustLookAtAll = false
      try {
        if (changes.length > 0 && isGapless && this.#isTrusted) await this.#takeIn(changes)
        // Reads no entry if nothing is newer than what we have.
        if (mustLookAtAll) await this.#lookAtAll()
      } catch {
        // It is read at the next occasion.
        this.#isTrusted = false
      }
      this.#tell()
    }
  }

  async #lookAtAll(): Promise<void> {
    const known = this.#isTrusted ? this.#revision : undefined
    const { storeId, entries, revision, delivery, quarantined } = await this.#store.snapshot(known)
    this.#isTrusted = true
    if (this.#storeId !== undefined && storeId !== this.#storeId) this.#countLost(entries ?? [])
    this.#storeId = storeId
    if (entries) this.#list.replaceAll(entries, await this.#shownOf(entries))
    this.#delivery = delivery
    this.#quarantined = quarantined
    this.#revision = revision
  }

  /** What waited in a store that is gone, and was not brought into the one that took its place. */
  #countLost(present: readonly Entry[]): void {
    const ids = new Set(present.map(({ opId }) => opId))
    this.#lost += this.#list.entries.filter(({ opId, state }) => state.kind !== 'delivered' && !ids.has(opId)).length
  }

  async #takeIn(changes: readonly FollowedChange[]): Promise<void> {
    const known = new Map<string, Entry>()
    const unknown = new Set<string>()
    for (const { opIds, entries } of changes) {
      for (const opId of opIds) {
        if (entries) unknown.delete(opId)
        else unknown.add(opId)
      }
      for (const entry of entries ?? []) known.set(entry.opId, entry)
    }
    const { entries, delivery, quarantined } = await this.#store.some([...unknown])
    const opIds = [...new Set(changes.flatMap((change) => change.opIds))]
    const now = [...[...known.values()].filter(({ opId }) => !unknown.has(opId)), ...entries]
    this.#list.patch(opIds, now, await this.#shownOf(now))
    this.#delivery = delivery
    this.#quarantined = quarantined
    this.#revision = changes.at(-1)?.revision ?? this.#revision
  }

  async #shownOf(entries: readonly Entry[]): Promise<Map<string, ShownContent>> {
    const ids = entries.filter(showsContent).map(({ opId }) => opId)
    return ids.length === 0 ? new Map() : this.#store.shown(ids)
  }

  #tell(): void {
    const { entries } = this.#list
    const isOnline = globalThis.navigator?.onLine ?? true
    this.#state = {
      ...summarise(entries, this.#delivery, isOnline),
      quarantined: this.#quarantined,
      lost: this.#lost,
      ...this.#browser,
    }
    this.#onUpdate(nextAttemptMs(entries, this.#delivery))
    for (const listener of this.#listeners) listener()
  }
}
