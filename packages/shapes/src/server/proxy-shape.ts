import { ProblemError } from '@landfall/contract'
import { answerHeaders } from './answer-headers.ts'
import { judgeAnswer, unavailable } from './judge-answer.ts'
import { LivePolls } from './live-polls.ts'
import { type ShapeReader, shapeFor } from './shape-definitions.ts'
import { StandingAuthorisation } from './standing-authorisation.ts'
import { deliveryOf, upstreamUrl } from './upstream-url.ts'

export interface ProxyShapeOptions {
  request: Request
  /** Last segment of the route. */
  name: string
  /** Proves who asks, or throws a ProblemError. Called first, and again after a wait for news. */
  authorise: () => Promise<ShapeReader>
  /** Base address of Electric, or of the shape server in its place. */
  electricUrl: string
  electricSecret?: string | undefined
  /** Ends the waiting for news: the reader comes again, to a process that lives. */
  stopping?: AbortSignal
  fetch?: typeof fetch
  /** How long a proof holds, in milliseconds. After a long poll it is looked at again in any case. */
  authorisedForMs?: number
  livePolls?: LivePolls
}

/**
 * Electric answers a wait after 20 s. One that it forgot must end by itself: with many readers, a shared one would never
 * see the last of them leave.
 */
const ANSWER_BEGINS_WITHIN_MS = 40_000

/** Of this process. What is shared is of one shape, and its key begins with the whole definition. */
const sharedPolls = new LivePolls()

/**
 * Asks Electric for a shape in the reader's name. Table, columns and filter are the server's; of the request only the
 * place in the log goes on. The answer is passed on as it comes.
 *
 * @throws ProblemError for everything that is not an answer of the protocol
 */
export async function proxyShape(options: ProxyShapeOptions): Promise<Response> {
  const { request, livePolls = sharedPolls } = options
  const authorisation = new StandingAuthorisation(options.authorise, options.authorisedForMs)
  const definition = shapeFor(options.name, await authorisation.reader())
  if (!definition) throw new ProblemError('not_found', 'There is no shape of this name.')

  const upstream = upstreamUrl(request, definition, options)
  const delivery = deliveryOf(upstream)
  const isShared = delivery === 'long-poll' && request.method === 'GET' && !request.headers.has('if-none-match')
  const shared = isShared ? await joinOthers(options, livePolls, upstream) : undefined
  const answer = await judgeAnswer(shared ?? (await ask(options, upstream, request.signal)))
  try {
    await (delivery === 'long-poll' ? authorisation.again() : authorisation.reader())
  } catch (refusal) {
    await answer.body?.cancel().catch(() => {})
    throw refusal
  }
  const body = answer.body && delivery === 'events' ? authorisation.guard(answer.body) : answer.body
  return new Response(body, { status: answer.status, headers: answerHeaders(answer.headers, delivery) })
}

/** One request for all who wait for the same. @returns undefined when each must ask for themselves */
async function joinOthers(options: ProxyShapeOptions, polls: LivePolls, upstream: URL): Promise<Response | undefined> {
  const leaving = options.request.signal
  const whole = await polls
    .join(upstream.href, (signal) => ask(options, upstream, signal), leaving)
    .catch((error: unknown) => {
      throw leaving.aborted || error instanceof ProblemError ? error : unavailable(error)
    })
  if (!whole) return undefined
  const { status, headers, body } = whole
  // A stream of the one copy: a Response would make another for each reader.
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      if (body.byteLength > 0) controller.enqueue(body)
      controller.close()
    },
  })
  return new Response(status === 304 ? null : stream, { status, headers })
}

/** @param leaving a reader that goes away frees its place at Electric */
async function ask(options: ProxyShapeOptions, upstream: URL, leaving: AbortSignal): Promise<Response> {
  const { request, stopping, fetch: send = fetch } = options
  const etag = request.headers.get('if-none-match')
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('Electric did not answer')), ANSWER_BEGINS_WITHIN_MS)
  try {
    return await send(upstream, {
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      headers: etag ? { 'if-none-match': etag } : {},
      signal: AbortSignal.any([leaving, late.signal, ...(stopping ? [stopping] : [])]),
      cache: 'no-store',
      redirect: 'error',
    })
  } catch (cause) {
    if (leaving.aborted) throw cause
    throw stopping?.aborted ? restarting(cause) : unavailable(cause)
  } finally {
    clearTimeout(timer)
  }
}

const restarting = (cause: unknown) =>
  new ProblemError('upstream_unavailable', 'The site is being restarted.', { retryAfterMs: 2_000, cause })
