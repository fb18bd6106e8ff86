import { FetchError, type Offset, ShapeStream } from '@electric-sql/client'
import type { ReaderPlan } from '../plan/reader-plan.ts'
import { type ShapePlan, shapeParams } from '../plan/shape-plan.ts'
import { seededRandom } from '../seeded-random.ts'
import { type BookRow, type Message, RowBook } from './row-book.ts'
import { type Tampering, tamperingFetch } from './tampering.ts'
import { weatherFetch } from './weather-fetch.ts'

export interface ReaderContext {
  url: string
  /** Tells the readers of all runs apart, because the client remembers what it saw under the same address. */
  name: string
  tampering: { kind: Tampering; every: number } | undefined
}

export interface ReaderCounts {
  resumed: number
  startedOver: number
  brokenAnswers: number
  subsets: number
}

const asText = (value: string) => value
/** Every value as the text that Postgres printed; the log has `t` where the snapshot has `true`. */
const PARSER = {
  ...Object.fromEntries(['int2', 'int4', 'int8', 'float4', 'float8', 'json', 'jsonb'].map((name) => [name, asText])),
  bool: (value: string) => value.slice(0, 1),
}

/** One client of a shape, with everything that happens to it. */
export class Reader {
  readonly plan: ReaderPlan
  readonly shape: ShapePlan
  readonly book: RowBook
  readonly counts: ReaderCounts = { resumed: 0, startedOver: 0, brokenAnswers: 0, subsets: 0 }
  /** Why the server does not give the shape. */
  refusal: FetchError | undefined
  hasStarted = false
  readonly #context: ReaderContext
  readonly #fetch: typeof fetch
  #aborter = new AbortController()
  #stored: { handle: string; offset: Offset } | undefined
  #incarnation = 0
  #beginsAnew = false
  #subset: 'none' | 'wanted' | 'on its way' | 'there' = 'none'
  #waiters: (() => void)[] = []

  constructor(plan: ReaderPlan, shape: ShapePlan, context: ReaderContext) {
    this.plan = plan
    this.shape = shape
    this.#context = context
    this.book = new RowBook({
      replica: shape.replica,
      key: shape.key,
      isPartial: plan.source === 'changes-only',
      mayRepeat: plan.transport === 'sse',
      sum: shape.sum,
    })
    const rough = weatherFetch(seededRandom(plan.weatherSeed), plan.weather, () => {
      this.counts.brokenAnswers += 1
    })
    const { tampering } = context
    const underlying = tampering ? tamperingFetch(rough, tampering.kind, tampering.every) : rough
    this.#fetch = (input, init) => {
      // The client goes back to the beginning by itself when it believes in a loop, and tells nobody.
      if (plan.source === 'whole' && new URL(String(input)).searchParams.get('offset') === '-1') this.#beginsAnew = true
      return underlying(input, init)
    }
  }

  /** From the beginning of the log. */
  start(transport = this.plan.transport): void {
    if (this.hasStarted) this.counts.startedOver += 1
    this.hasStarted = true
    this.#stored = undefined
    this.book.clear()
    this.#follow(transport)
  }

  /** From handle and offset that were stored with the rows, as after a new start of the application. */
  resume(transport = this.plan.transport): void {
    if (!this.#stored) {
      this.start(transport)
      return
    }
    this.counts.resumed += 1
    this.#follow(transport)
  }

  stop(): void {
    this.#aborter.abort()
    this.#notify()
  }

  /** Resolves when the reader has seen everything up to here, is refused or has a finding; false when time is up. */
  async reach(lsn: bigint, signal: AbortSignal): Promise<boolean> {
    const isDone = () => this.#isUpTo(lsn) || this.refusal !== undefined || this.book.findings.length > 0
    while (!isDone() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    return isDone()
  }

  #isUpTo(lsn: bigint): boolean {
    return this.book.seenLsn >= lsn && (this.#subset === 'none' || this.#subset === 'there')
  }

  #notify(): void {
    for (const resolve of this.#waiters.splice(0)) resolve()
  }

  #follow(transport: ReaderPlan['transport']): void {
    this.#aborter.abort()
    const aborter = new AbortController()
    this.#aborter = aborter
    this.#incarnation += 1
    const { source } = this.plan
    this.#subset = source === 'changes-only' ? 'wanted' : 'none'
    const stream = new ShapeStream<BookRow>({
      url: `${this.#context.url}/v1/shape`,
      params: { ...shapeParams(this.shape), reader: `${this.#context.name} ${this.#incarnation}` },
      ...this.#stored,
      ...(source === 'changes-only' && { log: 'changes_only' }),
      liveSse: transport === 'sse',
      parser: PARSER,
      fetchClient: this.#fetch,
      signal: aborter.signal,
      backoffOptions: { initialDelay: 5, maxDelay: 200, multiplier: 2 },
      onError: (error) => this.#onError(error, aborter),
    })
    stream.subscribe((messages) => {
      if (!aborter.signal.aborted) this.#receive(stream, messages)
    })
  }

  /** A broken answer is asked for again; what the server does not like stays as it is. */
  #onError(error: Error, { signal }: AbortController): Record<string, never> | undefined {
    if (signal.aborted) return undefined
    if (error instanceof FetchError && (error.status < 400 || error.status >= 500)) return {}
    if (error instanceof FetchError) this.refusal = error
    else this.book.findings.push(`the client gave up: ${error.stack ?? error}`)
    this.#notify()
    return undefined
  }

  #receive(stream: ShapeStream<BookRow>, messages: Message[]): void {
    if (this.#beginsAnew) this.book.clear()
    this.#beginsAnew = false
    // The client goes on behind the subset, so deletions on the way to it are not told.
    if (messages.some(({ headers }) => headers.control === 'subset-end')) this.book.rows.clear()
    this.book.apply(messages)
    this.#store(stream, messages)
    if (this.plan.source === 'changes-only') this.#followSubset(stream, messages)
    this.#notify()
  }

  /** Handle and offset that belong to the rows as they are now. */
  #store(stream: ShapeStream<BookRow>, messages: Message[]): void {
    const { shapeHandle } = stream
    if (!shapeHandle) return
    if (stream.lastOffset === '-1' || messages.some(({ headers }) => headers.control === 'must-refetch')) {
      this.#stored = undefined
      return
    }
    // Events are handed over later than the offset moves on, so theirs is taken from them, as the client does.
    const [change, end] = messages.slice(-2)
    const lsn = end?.headers.control === 'up-to-date' ? String(end.headers.global_last_seen_lsn) : undefined
    const isOfEvents = this.plan.transport === 'sse' && lsn !== undefined && change?.headers.lsn === lsn
    this.#stored = { handle: shapeHandle, offset: isOfEvents ? (`${lsn}_0` as Offset) : stream.lastOffset }
  }

  /** Asks for all rows beside the log, once for each of its incarnations; the client drops the changes they contain. */
  #followSubset(stream: ShapeStream<BookRow>, messages: Message[]): void {
    const controls = messages.map(({ headers }) => headers.control)
    if (controls.includes('subset-end')) this.#subset = 'there'
    if (controls.includes('must-refetch')) this.#subset = 'wanted'
    if (this.#subset !== 'wanted' || controls.at(-1) !== 'up-to-date') return
    this.#subset = 'on its way'
    this.counts.subsets += 1
    const method = this.counts.subsets % 2 === 0 ? 'POST' : 'GET'
    stream.requestSnapshot({ where: 'true', method }).catch((error: unknown) => {
      // Broken off: asked for again with the next up-to-date.
      if (this.#subset === 'on its way') this.#subset = 'wanted'
      this.book.trail.push(`(the subset failed: ${error})`)
    })
  }
}
