import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lsn } from '../replication/lsn.ts'
import { ChangeLog, type LogResources } from './change-log.ts'
import { type Durability, replaceFile, syncFolder, syncPath } from './durable-file.ts'
import { recoverLog } from './recover-log.ts'
import type { SharedPages } from './shared-pages.ts'
import { SnapshotChunks } from './snapshot-chunks.ts'
import { SnapshotWriter } from './snapshot-writer.ts'

/** What a folder needs of the storage that it is part of. */
export interface FolderContext {
  resources: LogResources
  durability: Durability
  /** Called when there is something that `sync` has to make durable. */
  onUnsynced(folder: ShapeFolder): void
  /** Called when the log could not be written. */
  onFailed(folder: ShapeFolder, error: unknown): void
  onRemoved(folder: ShapeFolder, removal: Promise<void>): void
}

/** The folder of a snapshot that was never completed. */
export class UndescribedFolderError extends Error {
  override name = 'UndescribedFolderError'
}

const DESCRIPTION = 'shape.json'
const CHANGES = 'changes.log'

/**
 * One incarnation of a shape on disk: `shape.json`, `snapshot-0`, `snapshot-1`, …, `changes.log`. It counts from the
 * moment on when `shape.json` is there, which is written last; a folder without it is debris.
 */
export class ShapeFolder {
  readonly handle: string
  readonly snapshot: SnapshotChunks
  readonly changes: ChangeLog
  readonly #path: string
  readonly #context: FolderContext
  #description: string | undefined
  #isDescribed: boolean
  #syncing: Promise<void> = Promise.resolve()
  #readers = 0
  #onUnread: (() => void) | undefined

  private constructor(path: string, handle: string, context: FolderContext, stored?: StoredParts) {
    this.#path = path
    this.handle = handle
    this.#context = context
    this.#isDescribed = stored !== undefined
    this.snapshot = new SnapshotChunks(path, context.resources.files, stored?.sizes)
    const { size, end } = stored?.log ?? { size: 0, end: undefined }
    this.changes = new ChangeLog(join(path, CHANGES), context.resources, {
      size,
      end,
      onUnsynced: () => context.onUnsynced(this),
      onFailed: (error) => context.onFailed(this, error),
    })
  }

  static createNew(shapes: string, handle: string, context: FolderContext): ShapeFolder {
    return new ShapeFolder(join(shapes, handle), handle, context)
  }

  /** Opens what was stored; `durable` is how far the storage was synced. Throws when it is damaged. */
  static async open(shapes: string, handle: string, context: FolderContext, durable: Lsn) {
    const path = join(shapes, handle)
    const text = await readFile(join(path, DESCRIPTION), 'utf8').catch(ignoreMissing)
    if (text === undefined) throw new UndescribedFolderError(path)
    const { sizes, description } = JSON.parse(text) as StoredDescription
    // A snapshot has at least the message that ends it.
    if (!Array.isArray(sizes) || sizes.length === 0)
      throw new Error(`${join(path, DESCRIPTION)} does not say what the snapshot is`)
    const folder = new ShapeFolder(path, handle, context, {
      sizes,
      log: await recoverLog(join(path, CHANGES), durable),
    })
    await folder.snapshot.verify()
    return { folder, description }
  }

  /** Makes the folder, and a writer for its snapshot. */
  async startSnapshot(chunkBytes?: number): Promise<SnapshotWriter> {
    await mkdir(this.#path, { recursive: true })
    return new SnapshotWriter(this.snapshot, chunkBytes)
  }

  /** With the next `sync` the folder counts, provided that its snapshot is complete. */
  describe(description: unknown): void {
    this.#description = JSON.stringify({ sizes: this.snapshot.sizes, description } satisfies StoredDescription)
    this.#context.onUnsynced(this)
  }

  /** Makes everything durable that is there now. */
  sync(): Promise<void> {
    // One behind the other, so that each is done only when what it found is durable.
    const synced = this.#syncing.then(() => this.#sync())
    this.#syncing = synced.catch(() => {})
    return synced
  }

  async #sync(): Promise<void> {
    const { durability } = this.#context
    const description = this.#description
    // Nothing of it is read again, or nothing of it counts yet.
    if (durability === 'temporary') return
    if (!this.#isDescribed && description === undefined) return
    await this.changes.sync()
    if (this.#isDescribed || description === undefined) return
    for (const path of this.snapshot.paths) await syncPath(path, durability)
    await syncFolder(this.#path, durability)
    if (this.#description === undefined) return
    await replaceFile(join(this.#path, DESCRIPTION), description, durability)
    this.#isDescribed = true
  }

  /** Text that the readers of all logs share. */
  get pages(): SharedPages {
    return this.#context.resources.pages
  }

  /** Counts a reader, for whom the files stay until he is done. */
  async *read(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    this.#readers += 1
    try {
      yield* pieces
    } finally {
      this.#readers -= 1
      if (this.#readers === 0) this.#onUnread?.()
    }
  }

  /** The folder is forgotten, durably before the next `sync` of the storage is done. */
  remove(): void {
    this.#description = undefined
    this.snapshot.fail()
    this.#context.onRemoved(this, this.forget())
    void this.#removeFiles()
  }

  /** For a stored folder that nobody has taken up. */
  async discard(): Promise<void> {
    await this.forget()
    await this.#removeFiles()
  }

  /** Rejects when the disk does not let go of it: then it would be there again after a restart. */
  async forget(): Promise<void> {
    await this.#syncing
    await rm(join(this.#path, DESCRIPTION), { force: true })
    await syncFolder(this.#path, this.#context.durability).catch(ignoreMissing)
  }

  async #removeFiles(): Promise<void> {
    await this.changes.close()
    // What they read may not be on disk.
    if (this.#readers > 0) {
      await new Promise<void>((resolve) => {
        this.#onUnread = resolve
      })
    }
    this.changes.dropTail()
    await this.#context.resources.files.close((path) => path.startsWith(`${this.#path}/`))
    // What does not go now goes at the next start.
    await rm(this.#path, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

interface StoredParts {
  sizes: readonly number[]
  log: Awaited<ReturnType<typeof recoverLog>>
}

interface StoredDescription {
  sizes: readonly number[]
  description: unknown
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
