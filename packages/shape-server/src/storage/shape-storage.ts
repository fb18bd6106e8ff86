import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../log.ts'
import type { Lsn } from '../replication/lsn.ts'
import type { StreamIdentity } from '../replication/replication-sink.ts'
import type { LogResources } from './change-log.ts'
import { type Durability, syncFolder } from './durable-file.ts'
import { inParallel } from './in-parallel.ts'
import { OpenFiles } from './open-files.ts'
import { Pressure } from './pressure.ts'
import { type FolderContext, ShapeFolder, UndescribedFolderError } from './shape-folder.ts'
import { SharedPages } from './shared-pages.ts'
import { Spools } from './spools.ts'
import { claimStorage } from './storage-lock.ts'
import { readState, type StorageState, writeState } from './storage-state.ts'
import { TailBudget } from './tail-budget.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { WriteQueue } from './write-queue.ts'

export interface ShapeStorageOptions {
  /** Left out: a temporary folder, removed at close. */
  dir?: string
  log: Log
  /** How much memory the latest parts of all logs may take together. */
  tailBytes?: number
}

export interface StoredFolder {
  folder: ShapeFolder
  /** What `describe` was given. */
  description: unknown
}

/** Folders that are synced at the same time. */
const PARALLEL = 16

/** Throws a StorageInUseError. */
export async function openShapeStorage({ dir, log, tailBytes }: ShapeStorageOptions): Promise<ShapeStorage> {
  const folder = dir ?? (await makeTemporaryFolder())
  await mkdir(folder, { recursive: true })
  // The rows of every tenant are in there.
  await mkdir(join(folder, 'shapes'), { recursive: true, mode: 0o700 })
  const release = await claimStorage(folder)
  const state = await readState(folder)
  const spools = await Spools.open(join(folder, 'spools'))
  return new ShapeStorage({ folder, state, spools, release, log, tailBytes, durability: dir ? 'kept' : 'temporary' })
}

interface OpenedStorage {
  folder: string
  state: StorageState | undefined
  spools: Spools
  release(): Promise<void>
  log: Log
  tailBytes: number | undefined
  durability: Durability
}

/** The shapes of one database on disk, a folder each, and how far they are durable. */
export class ShapeStorage {
  readonly pressure = new Pressure()
  readonly #opened: OpenedStorage
  readonly #resources: LogResources
  readonly #context: FolderContext
  readonly #folders = new Set<ShapeFolder>()
  /** Those that have changed since the last flush: of thousands, few. */
  readonly #unsynced = new Set<ShapeFolder>()
  readonly #failureListeners = new Map<ShapeFolder, (error: unknown) => void>()
  /** Folders that may still be there after a crash, though nobody wants them any more. */
  readonly #removed = new Map<ShapeFolder, Promise<void>>()
  #state: StorageState | undefined
  #haveNamesChanged = false
  #flushing: Promise<unknown> = Promise.resolve()

  constructor(opened: OpenedStorage) {
    this.#opened = opened
    this.#state = opened.state
    this.#resources = {
      files: new OpenFiles(),
      writes: new WriteQueue(this.pressure),
      tails: new TailBudget(opened.tailBytes),
      pages: new SharedPages(),
    }
    this.#context = {
      resources: this.#resources,
      durability: opened.durability,
      onUnsynced: (folder) => {
        if (this.#folders.has(folder)) this.#unsynced.add(folder)
      },
      onFailed: (folder, error) => this.#failureListeners.get(folder)?.(error),
      onRemoved: (folder, removal) => {
        this.#folders.delete(folder)
        this.#unsynced.delete(folder)
        this.#failureListeners.delete(folder)
        this.#removed.set(folder, removal)
        // Looked at by the next flush.
        removal.catch(() => {})
      },
    }
  }

  /** Whether it is there again after a restart. */
  get isKept(): boolean {
    return this.#opened.durability === 'kept'
  }

  /** For what is too large for memory and does not outlive the process. */
  get spools(): Spools {
    return this.#opened.spools
  }

  /** Undefined as long as nothing was adopted: a new folder, or one of another format. */
  get identity(): StreamIdentity | undefined {
    return this.#state?.identity
  }

  /** Everything up to here is durable. */
  get position(): Lsn {
    return this.#state?.position ?? 0n
  }

  /** Bytes in memory that wait for the disk. */
  get pendingBytes(): number {
    return this.pressure.bytes
  }

  /**
   * From now on it holds the changes of this stream, from behind this position on. Whatever it held of another must
   * have been removed before.
   */
  async adopt(identity: StreamIdentity, position: Lsn): Promise<void> {
    await this.#write({ identity, position })
  }

  /** A folder that counts once it is described; `onFailed` is told when the disk does not take its log. */
  create(handle: string, onFailed: (error: unknown) => void): ShapeFolder {
    this.#haveNamesChanged = true
    const folder = ShapeFolder.createNew(this.#shapes, handle, this.#context)
    this.adoptFolder(folder, onFailed)
    return folder
  }

  /** From now on the folder is synced with the others. */
  adoptFolder(folder: ShapeFolder, onFailed: (error: unknown) => void): void {
    this.#folders.add(folder)
    this.#failureListeners.set(folder, onFailed)
  }

  /** What an earlier server left. Damaged folders are dropped with a warning. */
  async readStored(): Promise<StoredFolder[]> {
    const stored: StoredFolder[] = []
    const handles = await readdir(this.#shapes)
    await inParallel(handles, PARALLEL, async (handle) => {
      try {
        stored.push(await ShapeFolder.open(this.#shapes, handle, this.#context, this.position))
      } catch (error) {
        // One that was never described is what a snapshot that did not end has left.
        if (!(error instanceof UndescribedFolderError)) {
          this.#opened.log({ level: 'warn', message: 'stored shape dropped', handle, error: String(error) })
        }
        await rm(join(this.#shapes, handle), { recursive: true, force: true })
      }
    })
    return stored
  }

  /** Removes everything but the folders in use. */
  async clear(): Promise<void> {
    const used = new Set([...this.#folders].map(({ handle }) => handle))
    const handles = (await readdir(this.#shapes)).filter((handle) => !used.has(handle))
    await inParallel(handles, PARALLEL, (handle) => rm(join(this.#shapes, handle), { recursive: true, force: true }))
    await syncFolder(this.#shapes, this.#opened.durability)
  }

  /** Makes everything durable that the logs have now, which must be all up to this position. Rejects when it cannot. */
  flush(position: Lsn): Promise<void> {
    const flushed = this.#flushing.then(() => this.#flush(position))
    this.#flushing = flushed.catch(() => {})
    return flushed
  }

  async close(): Promise<void> {
    await this.#flushing
    await Promise.all([...this.#folders].map((folder) => this.#resources.writes.finish(folder.changes)))
    await this.#resources.files.close()
    await this.#opened.release()
    if (!this.isKept) await rm(this.#opened.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  async #flush(position: Lsn): Promise<void> {
    const haveNamesChanged = this.#haveNamesChanged
    this.#haveNamesChanged = false
    // A shape that cannot be made durable is given up; its removal is what has to be durable then.
    const unsynced = [...this.#unsynced]
    this.#unsynced.clear()
    await inParallel(unsynced, PARALLEL, (folder) =>
      folder.sync().catch((error: unknown) => this.#context.onFailed(folder, error)),
    )
    for (const [folder, removal] of this.#removed) {
      await removal.catch(() => folder.forget())
      this.#removed.delete(folder)
    }
    if (haveNamesChanged) await syncFolder(this.#shapes, this.#opened.durability)
    if (this.#state && position > this.#state.position) await this.#write({ ...this.#state, position })
  }

  async #write(state: StorageState): Promise<void> {
    await writeState(this.#opened.folder, state, this.#opened.durability)
    this.#state = state
  }

  get #shapes(): string {
    return join(this.#opened.folder, 'shapes')
  }
}
