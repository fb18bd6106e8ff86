import { randomUUID } from 'node:crypto'

export interface SyncLagOptions {
  /** Base address of Electric, or of the shape server in its place. */
  electricUrl: string
  electricSecret?: string | undefined
  /** Commits a token, a UUID, to the row of the table `sync_probe`. */
  writeToken: (token: string) => Promise<void>
  /** How long to wait for Electric's first answer, for the commit, and for the token: each for itself. */
  capMs: number
  fetch?: typeof fetch
}

export interface SyncLag {
  /** Electric answered for the shape within the cap. */
  isConnected: boolean
  /** From the commit of a token to its arrival; the cap when it did not arrive, undefined when none was committed. */
  lagMs: number | undefined
}

/**
 * Measures how long a change takes from its commit through Electric to a reader: it takes a place at the end of the
 * table `sync_probe`, writes a fresh token there and waits for it. It never throws: what fails is the measurement.
 *
 * Not with Electric's client, which takes a second stream of one shape within a minute for a replay from a cache and
 * holds back what the first had seen.
 */
export async function measureSyncLag(options: SyncLagOptions): Promise<SyncLag> {
  const { capMs } = options
  const token = randomUUID()
  const end = await orUndefined(readProbe(options, { offset: 'now' }, AbortSignal.timeout(capMs)))
  if (!end) return { isConnected: false, lagMs: undefined }

  const isWritten = await orUndefined(
    within(
      options.writeToken(token).then(() => true),
      AbortSignal.timeout(capMs),
    ),
  )
  if (!isWritten) return { isConnected: true, lagMs: undefined }
  const committedAtMs = performance.now()
  const isSeen = await orUndefined(followUntil(options, end, token, AbortSignal.timeout(capMs)))
  return { isConnected: true, lagMs: isSeen ? performance.now() - committedAtMs : capMs }
}

/** A place in the log of the shape, as the parameters that ask for what follows. */
type Place = Record<'offset' | 'handle' | 'cursor', string>

interface ProbePage {
  tokens: unknown[]
  next: Place
}

async function followUntil(options: SyncLagOptions, end: ProbePage, token: string, signal: AbortSignal): Promise<true> {
  let { next } = end
  for (;;) {
    signal.throwIfAborted()
    const page = await readProbe(options, { ...next, live: 'true' }, signal)
    if (page.tokens.includes(token)) return true
    next = page.next
  }
}

async function readProbe(
  { electricUrl, electricSecret, fetch: send = fetch }: SyncLagOptions,
  place: Partial<Place> & { live?: string },
  signal: AbortSignal,
): Promise<ProbePage> {
  const url = new URL('/v1/shape', electricUrl)
  const parameters = {
    table: 'sync_probe',
    columns: 'id,token',
    ...place,
    ...(electricSecret && { secret: electricSecret }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const answer = await send(url, { signal, cache: 'no-store', redirect: 'error' })
  if (!answer.ok) throw new Error(`Electric answered ${answer.status}`)
  const messages = (await answer.json()) as { value?: { token?: unknown } }[]
  const header = (name: string) => answer.headers.get(`electric-${name}`) ?? ''
  return {
    tokens: messages.map((message) => message.value?.token),
    next: { offset: header('offset'), handle: header('handle'), cursor: header('cursor') },
  }
}

/** What is not waited for any longer goes on by itself, and may still end. */
function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([promise, late])
}

/** What did not come out, and why, is all the same to a measurement. */
function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined)
}
