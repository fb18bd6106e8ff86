import { expect, it } from 'vitest'
import { runKills } from '../testing/kills/run-kills.ts'
import { seededRandom } from '../testing/kills/seeded-random.ts'

/** `pnpm kills` runs fifty. */
const KILLS = 6
const SEED = 20_260_101

it('loses nothing that it acknowledged when the browser is killed in the middle of writes', async () => {
  const trials = await runKills({ kills: KILLS, random: seededRandom(SEED) })
  const lost = trials.filter(({ lostFromView, lostFromOutbox }) => lostFromView + lostFromOutbox > 0)
  expect(lost).toEqual([])
  expect(trials.filter(({ rebuilt }) => rebuilt === 'not ready')).toEqual([])
  // Otherwise nothing was tried.
  expect(trials.reduce((total, { acknowledged }) => total + acknowledged, 0)).toBeGreaterThan(0)
}, 300_000)
