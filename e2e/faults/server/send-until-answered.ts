import { setTimeout as delay } from 'node:timers/promises'
import { batchAnswer, type Operation, type OperationResult } from '@landfall/contract'
import { type Device, envelope } from './device.ts'
import { post } from './post.ts'
import { BATCH_PATH, type DemoSite, type ServerWorld } from './server-world.ts'

const MOST_ATTEMPTS = 200
const PAUSE_MS = 25

export interface Delivery {
  /** The final result of each operation. */
  results: Map<string, OperationResult>
  /** Requests without an answer for every operation. */
  failedAttempts: number
}

/**
 * Sends operations as a patient device does, over and over, until each has a final answer. It waits a moment between two
 * attempts and not as long as it is asked to: what is tried here is the server, not the patience.
 *
 * @throws Error when there is still none after many attempts
 */
export async function sendUntilAnswered(
  world: ServerWorld,
  site: DemoSite,
  device: Device,
  operations: readonly Operation[],
): Promise<Delivery> {
  const results = new Map<string, OperationResult>()
  let last = ''
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const open = operations.filter(({ opId }) => !results.has(opId))
    if (open.length === 0) return { results, failedAttempts: attempt }
    const answer = await post(world.port, site.host, BATCH_PATH, {
      headers: device.headers,
      body: envelope(device, open),
    })
    last = `${answer.status} ${answer.text.slice(0, 200)}`
    for (const result of readResults(answer.status, answer.text)) {
      if (result.outcome !== 'retry') results.set(result.opId, result)
    }
    if (operations.every(({ opId }) => results.has(opId))) return { results, failedAttempts: attempt }
    await delay(PAUSE_MS)
  }
  throw new Error(`no final answer after ${MOST_ATTEMPTS} attempts; the last was ${last}`)
}

/** Results of a whole answer; none of anything else. */
export function readResults(status: number, text: string): OperationResult[] {
  if (status !== 200) return []
  try {
    const parsed = batchAnswer.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data.results : []
  } catch {
    return []
  }
}
