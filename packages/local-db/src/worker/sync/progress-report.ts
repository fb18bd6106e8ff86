import type { SyncProgress } from '../../protocol/sync-progress.ts'

const AT_MOST_EVERY_MS = 250

/** Counts a first sync and tells of it, at most four times a second. What is done is told at once, as null. */
export class ProgressReport {
  readonly #tell: (progress: SyncProgress | null) => void
  #progress: SyncProgress | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(tell: (progress: SyncProgress | null) => void) {
    this.#tell = tell
  }

  begin(): void {
    this.#progress ??= { rows: 0, bytes: 0, startedAtMs: Date.now() }
  }

  add({ rows = 0, bytes = 0 }: { rows?: number; bytes?: number }): void {
    if (!this.#progress) return
    this.#progress = { ...this.#progress, rows: this.#progress.rows + rows, bytes: this.#progress.bytes + bytes }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#tell(this.#progress)
    }, AT_MOST_EVERY_MS)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#progress) this.#tell(null)
    this.#progress = null
  }
}
