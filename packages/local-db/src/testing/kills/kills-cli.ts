import { argv, stdout } from 'node:process'
import { type KillTrial, runKills } from './run-kills.ts'
import { seededRandom } from './seeded-random.ts'

/** `pnpm kills [number] [seed]` */
const kills = Number(argv[2] ?? 50)
const seed = Number(argv[3] ?? Date.now() % 1_000_000)

const COLUMNS = [
  'trial',
  'killedAfterMs',
  'acknowledged',
  'lostFromView',
  'lostFromOutbox',
  'openedWithinMs',
  'rebuilt',
]
const row = (trial: KillTrial) =>
  COLUMNS.map((column) => String(trial[column as keyof KillTrial]).padStart(column.length))

stdout.write(`${kills} kills, seed ${seed}\n| ${COLUMNS.join(' | ')} |\n|${COLUMNS.map(() => '---|').join('')}\n`)
const trials = await runKills({
  kills,
  random: seededRandom(seed),
  onTrial: (trial) => stdout.write(`| ${row(trial).join(' | ')} |\n`),
})
const sum = (key: 'acknowledged' | 'lostFromView' | 'lostFromOutbox') =>
  trials.reduce((total, trial) => total + trial[key], 0)
const unusable = trials.filter(({ rebuilt }) => rebuilt === 'not ready').length
const rebuilt = trials.filter(({ rebuilt: why }) => why !== 'no').length - unusable
stdout.write(
  `\n${trials.length} kills, ${sum('acknowledged')} acknowledged writes, ${sum('lostFromOutbox')} lost from the outbox, ` +
    `${sum('lostFromView')} lost from the view, ${rebuilt} databases made anew, ${unusable} unusable\n`,
)
