import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OverloadError } from '../overload-error.ts'
import { Spool, SpoolFullError } from './spool.ts'

/** Slow clients keep theirs for as long as they take something. */
const MAX_FILES = 100
const RETRY_AFTER_S = 5

/** Makes spools, whose files have a name only for the moment in which they are made: they end with the process. */
export class Spools {
  readonly #folder: string
  readonly #maxFiles: number
  #made = 0
  #files = 0

  private constructor(folder: string, maxFiles: number) {
    this.#folder = folder
    this.#maxFiles = maxFiles
  }

  /** Removes what a server may have left that was killed in that moment. */
  static async open(folder: string, maxFiles = MAX_FILES): Promise<Spools> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return new Spools(folder, maxFiles)
  }

  /** How many files are in use. */
  get files(): number {
    return this.#files
  }

  /** With 'memory' a write beyond what memory is meant for throws a SpoolFullError; with 'file' maybe an OverloadError. */
  create(place: 'memory' | 'file'): Spool {
    let hasFile = false
    return new Spool({
      openFile: async () => {
        if (place === 'memory') throw new SpoolFullError('too large for memory')
        if (this.#files >= this.#maxFiles) {
          throw new OverloadError('There are too many large answers at once', RETRY_AFTER_S)
        }
        this.#files += 1
        hasFile = true
        return this.#openNameless()
      },
      onClosed: () => {
        if (hasFile) this.#files -= 1
      },
    })
  }

  async #openNameless(): Promise<FileHandle> {
    this.#made += 1
    const path = join(this.#folder, `spool-${this.#made}`)
    const file = await open(path, 'wx+', 0o600)
    try {
      await rm(path)
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  }
}
