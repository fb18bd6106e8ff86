import type { GenerationNames } from '../protocol/database-names.ts'
import { withStoredFiles } from '../storage/stored-files.ts'

/**
 * What is remembered of a data directory in a file of its own, which is read before the database is opened: what broke it,
 * and how often in a row it has been made anew.
 */
export interface Health {
  /** Rebuilds that led to this generation without a good opening between them. */
  rebuilds: number
  rebuiltAtMs: number
  /** How often the engine ended on it since its last good opening. */
  crashes: number
  /** What was found broken in it; it is never opened again. */
  damage: string | null
}

export const GOOD_HEALTH: Health = { rebuilds: 0, rebuiltAtMs: 0, crashes: 0, damage: null }

const HEALTH_FILE = 'landfall-health'

/** After so many rebuilds in a row another would not help either. */
const MAX_REBUILDS = 2

/** Once may be the engine's fault, or the device's. */
export const MAX_CRASHES = 2

/** What broke it may have passed by then: a full disk, an old build, another program. */
const TRY_AGAIN_AFTER_MS = 60 * 60 * 1_000

/** The local database broke again right after it was made anew. */
export class RebuildLimitError extends Error {
  override name = 'RebuildLimitError'
  constructor(detail: string) {
    super(
      `It was made anew ${MAX_REBUILDS} times in a row and broke again (${detail}). It is tried again in an hour; nothing that waits to be sent is lost.`,
    )
  }
}

/** Health of a generation that is made because this one is unusable. @throws RebuildLimitError */
export function healthAfterRebuild(before: Health, detail: string, nowMs: number): Health {
  const isInARow = nowMs - before.rebuiltAtMs < TRY_AGAIN_AFTER_MS && nowMs >= before.rebuiltAtMs
  const rebuilds = isInARow ? before.rebuilds + 1 : 1
  if (rebuilds > MAX_REBUILDS) throw new RebuildLimitError(detail)
  return { rebuilds, rebuiltAtMs: nowMs, crashes: 0, damage: null }
}

/** Its path in IndexedDB, and in the engine's file system as well. */
export function healthPath({ indexedDbName }: GenerationNames): string {
  return `${indexedDbName}/${HEALTH_FILE}`
}

export function parseHealth(text: string | null): Health {
  if (text === null) return GOOD_HEALTH
  try {
    const { rebuilds, rebuiltAtMs, crashes, damage } = JSON.parse(text) as Partial<Record<keyof Health, unknown>>
    return {
      rebuilds: numberOr(rebuilds, 0),
      rebuiltAtMs: numberOr(rebuiltAtMs, 0),
      crashes: numberOr(crashes, 0),
      damage: typeof damage === 'string' ? damage : null,
    }
  } catch {
    // Half of it is as good as none: it only counts.
    return GOOD_HEALTH
  }
}

/** Writes past the engine, which is dead or about to be ended: its own next flush would undo it. */
export async function recordHealth(names: GenerationNames, health: Health): Promise<void> {
  await withStoredFiles(names.indexedDbName, 'readwrite', async (files) => {
    const contents = new TextEncoder().encode(JSON.stringify(health))
    // The form of Emscripten's IDBFS: a plain file, readable and writable.
    files.put({ timestamp: new Date(), mode: 0o100666, contents }, healthPath(names))
  })
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback
}
