import { setTimeout as delay } from 'node:timers/promises'
import type { Weather } from '../plan/reader-plan.ts'
import type { SeededRandom } from '../seeded-random.ts'

/** A network between a reader and the server that is slow, breaks answers off, and sometimes leads nowhere. */
export function weatherFetch(random: SeededRandom, weather: Weather, onBroken: () => void): typeof fetch {
  return async (input, init) => {
    if (random.chance(weather.refused)) {
      onBroken()
      throw new TypeError('fetch failed: the network is unreachable')
    }
    const isSlow = random.chance(weather.slow)
    const breaksAfter = random.chance(weather.broken) ? random.between(0, 2_000) : undefined
    if (isSlow) await delay(random.between(1, 20))
    const response = await fetch(input, init)
    if (!response.body || (!isSlow && breaksAfter === undefined)) return response
    const body = response.body.pipeThrough(roughly(breaksAfter, isSlow ? random.between(1, 10) : 0, onBroken))
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
  }
}

const PIECE = 8_192

/** Passes bytes on in pieces, with a pause before each of the first, until so many have passed. */
function roughly(breaksAfter: number | undefined, pauseMs: number, onBroken: () => void): TransformStream<Uint8Array> {
  let passed = 0
  return new TransformStream({
    async transform(chunk: Uint8Array, controller) {
      for (let start = 0; start < chunk.length; start += PIECE) {
        if (pauseMs > 0 && passed < 10 * PIECE) await delay(pauseMs)
        const piece = chunk.subarray(start, start + PIECE)
        passed += piece.length
        if (breaksAfter !== undefined && passed > breaksAfter) {
          onBroken()
          return controller.error(new TypeError('terminated: the other side closed the connection'))
        }
        controller.enqueue(piece)
      }
    },
  })
}
