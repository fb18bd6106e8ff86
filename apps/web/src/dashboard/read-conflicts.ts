/** Which conflicts a member has put away on this device, by operation id; nothing else is told here of anybody. */
const keyOf = (queue: string) => `landfall:read-conflicts:${queue}`

/** Enough for as long as the outbox remembers its edits. */
const KEPT = 200

export function readConflicts(queue: string): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(queue)) ?? '[]')
    return Array.isArray(stored) ? stored.filter((opId) => typeof opId === 'string') : []
  } catch {
    // Blocked, or not what we wrote: the notices come back, which loses nothing.
    return []
  }
}

export function putAwayConflict(queue: string, opId: string): readonly string[] {
  const all = [...readConflicts(queue).filter((known) => known !== opId), opId].slice(-KEPT)
  try {
    localStorage.setItem(keyOf(queue), JSON.stringify(all))
  } catch {
    // It stays away until the page is loaded again.
  }
  return all
}

export function forgetConflicts(queue: string): void {
  try {
    localStorage.removeItem(keyOf(queue))
  } catch {
    // Blocked: then nothing was kept.
  }
}
