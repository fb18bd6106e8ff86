import type { PGliteInterface } from '@electric-sql/pglite'
import type { AskServer } from './ask-server.ts'
import { followAnswer, problemOf } from './bring-schema-up-to-date.ts'
import type { SchemaStatus } from './schema-status.ts'

export interface SchemaFollowerOptions {
  pg: PGliteInterface
  ask: AskServer
  /** As the opening left it. */
  schema: SchemaStatus
  onStatus: (schema: SchemaStatus) => void
  /** The server does not know the database's schema: the next opening begins with a new database. */
  onReset: (detail: string) => void
  /** Runs a migration while no stream writes: streams begin anew afterwards, with its new columns. */
  whileStreamsRest: <T>(work: () => Promise<T>) => Promise<T>
  /** Time between tries, counted from 1. */
  retryDelayMs?: (attempt: number) => number
}

/** Doubles from 2 s to 5 min, and no device in step with another. */
const backOff = (attempt: number) => Math.min(2_000 * 2 ** (attempt - 1), 300_000) * (0.5 + Math.random() / 2)

/**
 * Asks the server about the schema of an open database, once a opening: a newer server's additive migrations are applied
 * while pages read. Asks again until there was an answer, at once when the network is back.
 */
export class SchemaFollower {
  readonly #options: SchemaFollowerOptions
  #schema: SchemaStatus
  #attempts = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #asking: Promise<void> | undefined
  #isDone = false
  #isOnline = true

  constructor(options: SchemaFollowerOptions) {
    this.#options = options
    this.#schema = options.schema
  }

  start(): void {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
  }

  /** What a page knows of the network. */
  setOnline(isOnline: boolean): void {
    const cameBack = isOnline && !this.#isOnline
    this.#isOnline = isOnline
    if (!isOnline) clearTimeout(this.#timer)
    if (cameBack && !this.#isDone) {
      this.#attempts = 0
      this.start()
    }
  }

  stop(): void {
    this.#isDone = true
    clearTimeout(this.#timer)
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#isDone) return
    const { pg, ask, whileStreamsRest } = this.#options
    const { hash, state } = this.#schema
    const known = state === 'unverified' ? 'ahead' : state
    try {
      const answer = await ask(hash)
      if (this.#isDone) return
      const follow = () => followAnswer(pg, hash, answer, known)
      const outcome = answer.status === 'behind' ? await whileStreamsRest(follow) : await follow()
      this.stop()
      if (outcome.kind === 'reset') this.#options.onReset(outcome.detail)
      else this.#tell(outcome.schema)
    } catch (error) {
      // A page works on with what it has.
      this.#tell({ ...this.#schema, problem: problemOf(error) })
      this.#tryLater()
    }
  }

  #tryLater(): void {
    if (this.#isDone || !this.#isOnline) return
    this.#attempts++
    this.#timer = setTimeout(() => this.start(), (this.#options.retryDelayMs ?? backOff)(this.#attempts))
  }

  #tell(schema: SchemaStatus): void {
    const before = this.#schema
    this.#schema = schema
    const isSame = (['hash', 'state', 'isOutdated', 'problem'] as const).every((key) => schema[key] === before[key])
    if (isSame) return
    this.#options.onStatus(schema)
  }
}
