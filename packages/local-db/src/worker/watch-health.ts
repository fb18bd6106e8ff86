import { checkPages } from './check-pages.ts'
import { GOOD_HEALTH, healthPath, recordHealth } from './health.ts'
import type { OpenedDatabase } from './open-database.ts'
import type { EngineEnd } from './watch-engine.ts'

/** An opened database counts as good when it has been open for so long. */
const PROVEN_AFTER_MS = 60_000

/**
 * Reads every page of a database that was there before, in the background, and forgets what was held against it when it
 * is found whole and goes on working. A new one has proven nothing: it may break on the same thing as the one before.
 */
export async function proveHealth(opened: OpenedDatabase, onDamage: (detail: string) => void): Promise<void> {
  if (!opened.isReopened) return
  const { pg, generation, health } = opened
  const damage = await checkPages(pg, generation).catch(() => null)
  if (damage !== null) return onDamage(damage)
  if (health.rebuilds === 0 && health.crashes === 0) return
  setTimeout(() => {
    if (pg.closed) return
    opened.health = GOOD_HEALTH
    pg.Module.FS.writeFile(healthPath(generation), JSON.stringify(GOOD_HEALTH))
  }, PROVEN_AFTER_MS)
}

/** Remembers for the next opening how this one ended. */
export async function recordEnd({ generation, health }: OpenedDatabase, { kind, detail }: EngineEnd): Promise<void> {
  switch (kind) {
    case 'crashed':
      return recordHealth(generation, { ...health, crashes: health.crashes + 1 })
    case 'damaged':
      return recordHealth(generation, { ...health, damage: detail })
    case 'closed':
      // The browser closed its files: nothing is known against them.
      return
  }
}
