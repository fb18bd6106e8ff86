import { ProblemError } from '@landfall/contract'

/** Devices give a request up after 30 s and learn nothing; an answer before that tells them when to come again. */
export const ANSWER_WITHIN_MS = 25_000

/**
 * Work that becomes an answer, or the problem `upstream_unavailable` when it takes too long. The work is not stopped: a
 * body has a limit of its own, Postgres ends a transaction that is too old, and what it commits late is a duplicate the
 * next time.
 */
export async function answerInTime<T>(work: Promise<T>, withinMs = ANSWER_WITHIN_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tookTooLong()), withinMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const tookTooLong = () =>
  new ProblemError('upstream_unavailable', 'It takes too long just now. Nothing is lost: send the same again later.', {
    retryAfterMs: 10_000,
  })
