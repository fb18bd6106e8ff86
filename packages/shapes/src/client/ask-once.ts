import { readRetryAfterMs } from './retry-delay.ts'

/** What became of one request: an answer of the protocol in whole, or something that passes. */
export type Outcome =
  | { kind: 'answer'; response: Response }
  | { kind: 'disturbance'; problem: string; retryAfterMs: number }

export interface AskOptions {
  fetch: typeof fetch
  /** The subscription is given up: the promise rejects. */
  signal: AbortSignal
  /** Ends this try: its reason is the problem. */
  interrupt: AbortSignal
  /** Called when the answer begins, and with each piece of it: how many bytes it has. */
  onSignOfLife: (bytes: number) => void
}

/**
 * Asks once. Only what the server of shapes itself said is an answer: a network's sign-in page, an answer that was cut
 * off, or one that is no JSON is not, whatever its status says.
 */
export async function askOnce(url: URL, init: RequestInit, options: AskOptions): Promise<Outcome> {
  const { signal, interrupt, onSignOfLife } = options
  try {
    // Never from the browser's cache: the device's database is the cache.
    const response = await options.fetch(url, {
      ...init,
      cache: 'no-store',
      signal: AbortSignal.any([signal, interrupt]),
    })
    onSignOfLife(0)
    const { status, headers } = response
    if (status === 408 || status === 429 || status >= 500) {
      await response.body?.cancel()
      return { kind: 'disturbance', problem: `status ${status}`, retryAfterMs: readRetryAfterMs(headers) }
    }
    if (status === 304) return { kind: 'answer', response }
    const text = await readText(response, onSignOfLife)
    const problem = problemOf(response, text)
    if (problem) return { kind: 'disturbance', problem, retryAfterMs: 0 }
    return { kind: 'answer', response: new Response(text, { status, headers }) }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const cause: unknown = interrupt.aborted ? interrupt.reason : error
    return { kind: 'disturbance', problem: cause instanceof Error ? cause.message : String(cause), retryAfterMs: 0 }
  }
}

async function readText(response: Response, onSignOfLife: (bytes: number) => void): Promise<string> {
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  let text = ''
  for (;;) {
    const piece = await reader?.read()
    if (!piece || piece.done) return text + decoder.decode()
    onSignOfLife(piece.value.byteLength)
    text += decoder.decode(piece.value, { stream: true })
  }
}

/** Why this is no answer of the protocol, if it is none. */
function problemOf({ status, headers }: Response, text: string): string | undefined {
  const contentType = headers.get('content-type') ?? ''
  if (!/^application\/(.+\+)?json\b/i.test(contentType)) return `status ${status} with ${contentType || 'no type'}`
  if (status === 200 && !headers.has('electric-handle')) return 'an answer without a handle'
  try {
    JSON.parse(text)
  } catch {
    return `status ${status} with unreadable JSON`
  }
  return undefined
}
