import type { QueueEntryView } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import { compareOrder } from '../entry/row-order.ts'
import { NOTHING_SHOWN, type ShownContent, showsContent, toView } from '../entry/view.ts'

/** Above this many changes, putting all in order anew costs less than one by one. */
const PATCHES_AT_ONCE = 200

/**
 * The entries of a queue in order of writing, and their views. A change costs as much as it touches, not as much as the
 * queue holds, but for a copy of the list: readers compare lists by identity.
 */
export class EntryList {
  #byId = new Map<string, Entry>()
  #entries: readonly Entry[] = []
  #views: readonly QueueEntryView[] = []

  get entries(): readonly Entry[] {
    return this.#entries
  }

  get views(): readonly QueueEntryView[] {
    return this.#views
  }

  replaceAll(entries: readonly Entry[], shown: ReadonlyMap<string, ShownContent>): void {
    this.#byId = new Map(entries.map((entry) => [entry.opId, entry]))
    this.#entries = entries
    this.#views = entries.map((entry) => viewOf(entry, shown))
  }

  /** Puts in what these ids hold now; those that hold nothing any more go. */
  patch(opIds: readonly string[], now: readonly Entry[], shown: ReadonlyMap<string, ShownContent>): void {
    const found = new Map(now.map((entry) => [entry.opId, entry]))
    if (opIds.length > PATCHES_AT_ONCE) this.#rebuild(opIds, found, shown)
    else this.#replaceEach(opIds, found, shown)
  }

  #replaceEach(
    opIds: readonly string[],
    found: ReadonlyMap<string, Entry>,
    shown: ReadonlyMap<string, ShownContent>,
  ): void {
    const entries = [...this.#entries]
    const views = [...this.#views]
    for (const opId of new Set(opIds)) {
      const [before, after] = [this.#byId.get(opId), found.get(opId)]
      if (before) {
        const at = placeOf(entries, before)
        entries.splice(at, 1)
        views.splice(at, 1)
        this.#byId.delete(opId)
      }
      if (after) {
        const at = placeOf(entries, after)
        entries.splice(at, 0, after)
        views.splice(at, 0, viewOf(after, shown))
        this.#byId.set(opId, after)
      }
    }
    this.#entries = entries
    this.#views = views
  }

  #rebuild(
    opIds: readonly string[],
    found: ReadonlyMap<string, Entry>,
    shown: ReadonlyMap<string, ShownContent>,
  ): void {
    const known = new Map(this.#views.map((view) => [view.opId, view]))
    for (const opId of opIds) this.#byId.delete(opId)
    for (const [opId, entry] of found) this.#byId.set(opId, entry)
    this.#entries = [...this.#byId.values()].sort(compareOrder)
    this.#views = this.#entries.map(
      (entry) => (found.has(entry.opId) ? undefined : known.get(entry.opId)) ?? viewOf(entry, shown),
    )
  }
}

const viewOf = (entry: Entry, shown: ReadonlyMap<string, ShownContent>) =>
  toView(entry, showsContent(entry) ? shown.get(entry.opId) : NOTHING_SHOWN)

/** Where an entry stands in the order, or would stand. */
function placeOf(entries: readonly Entry[], entry: Entry): number {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareOrder(entries[middle] as Entry, entry) < 0) low = middle + 1
    else high = middle
  }
  return low
}
