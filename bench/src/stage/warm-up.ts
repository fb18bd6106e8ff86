import type { ServerContender } from '../contenders/server/server-contender.ts'
import type { Load } from './load.ts'

const WARM: readonly ServerContender[] = ['landfall over HTTP', 'landfall, engine alone', 'bare statement']
const WARM_UP_MS = 1_500

/** Has everybody run for a while first: code that has just been loaded is many times slower, and no site stays so. */
export async function warmUp(load: Load): Promise<void> {
  for (const contender of WARM) {
    for (const batch of [1, 50]) {
      await load.run({ contender, batch, clients: 4, durationMs: WARM_UP_MS, poison: 'none' })
    }
  }
}
