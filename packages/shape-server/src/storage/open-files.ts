import { type FileHandle, open } from 'node:fs/promises'

interface OpenFile {
  handle: Promise<FileHandle>
  users: number
}

/** Keeps the files in use open, but never more than so many: there may be thousands of shapes. */
export class OpenFiles {
  readonly #capacity: number
  /** The one used longest ago comes first. */
  readonly #files = new Map<string, OpenFile>()
  readonly #waiting: (() => void)[] = []

  constructor(capacity = 256) {
    this.#capacity = capacity
  }

  /** `flags` count only for a file that is not open yet. */
  async use<T>(path: string, flags: string | number, run: (file: FileHandle) => Promise<T>): Promise<T> {
    while (!this.#files.has(path) && this.#files.size >= this.#capacity && !this.#closeIdle()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    const file = this.#files.get(path) ?? { handle: open(path, flags), users: 0 }
    this.#files.delete(path)
    this.#files.set(path, file)
    file.users += 1
    try {
      return await run(await file.handle)
    } catch (error) {
      // One that could not be opened is tried again the next time.
      if (this.#files.get(path) === file) await this.#forget(path, file)
      throw error
    } finally {
      file.users -= 1
      this.#waiting.shift()?.()
    }
  }

  /** For files that are removed. */
  async close(isMeant: (path: string) => boolean = () => true): Promise<void> {
    const meant = [...this.#files].filter(([path]) => isMeant(path))
    await Promise.all(meant.map(([path, file]) => this.#forget(path, file)))
  }

  #closeIdle(): boolean {
    for (const [path, file] of this.#files) {
      if (file.users > 0) continue
      void this.#forget(path, file)
      return true
    }
    return false
  }

  async #forget(path: string, file: OpenFile): Promise<void> {
    this.#files.delete(path)
    // Node lets operations under way finish before a handle is closed.
    await file.handle.then((handle) => handle.close()).catch(() => {})
  }
}
