import { ProblemError } from '@landfall/contract'

/** Parameters that the reader chose; about the others Electric complains to us. */
const READERS_PARAMETERS = new Set(['offset', 'handle', 'live', 'live_sse', 'experimental_live_sse', 'cursor'])

const AWAY_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 300_000

/**
 * Gives back the answer that the reader may have, or throws what it means for them.
 *
 * 200, 304 and 409 are the protocol; a 400 is the reader's if it is about a parameter that they chose. Everything else
 * comes of this server's doing or of Electric's state, and is none of their business: 503.
 */
export async function judgeAnswer(answer: Response): Promise<Response> {
  switch (answer.status) {
    case 200:
      // Whatever listens at that address is not Electric.
      if (!answer.headers.has('electric-handle')) throw await unavailableAfter(answer, 'an answer without a handle')
      return answer
    case 304:
    case 409:
      return answer
    case 400: {
      const text = await answer.text()
      // Of an answer to HEAD there is nothing to read, and nothing to be told.
      if (text !== '' && !isAboutReadersParameters(text))
        throw unavailable(new Error(`Electric refused the shape: ${text}`))
      return new Response(text || null, { status: 400, headers: answer.headers })
    }
    default:
      throw await unavailableAfter(answer, `status ${answer.status}`)
  }
}

export function unavailable(cause: unknown, answer?: Response): ProblemError {
  const known = answer?.headers.get('electric-internal-known-error')
  return new ProblemError('upstream_unavailable', 'The live updates are not available; what is on the device stays.', {
    retryAfterMs: retryAfterMs(answer) ?? AWAY_RETRY_MS,
    cause,
    ...(known ? { headers: { 'electric-internal-known-error': known } } : {}),
  })
}

async function unavailableAfter(answer: Response, why: string): Promise<ProblemError> {
  // Nobody reads it: the connection is free for the next.
  await answer.body?.cancel().catch(() => {})
  return unavailable(new Error(`Electric: ${why}`), answer)
}

function retryAfterMs(answer: Response | undefined): number | undefined {
  const seconds = Number(answer?.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, LONGEST_RETRY_MS) : undefined
}

function isAboutReadersParameters(text: string): boolean {
  try {
    const { errors } = JSON.parse(text) as { errors?: unknown }
    if (typeof errors !== 'object' || errors === null) return false
    const names = Object.keys(errors)
    return names.length > 0 && names.every((name) => READERS_PARAMETERS.has(name))
  } catch {
    return false
  }
}
