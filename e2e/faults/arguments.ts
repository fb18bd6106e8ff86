import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

export interface Arguments {
  /** Seed of the first run of every scenario; the next run has the next number. */
  seed: number
  /** Runs of every scenario, or undefined for its own number. */
  runs: number | undefined
  /** Beginnings of the names of scenarios; none means all. */
  only: string[]
  isShort: boolean
}

export const USAGE = `pnpm faults [--scenario name[,name]] [--seed n] [--runs n] [--short]

  --scenario  only scenarios whose name begins so; "model", "server" and "browser" are the layers
  --seed      seed of the first run; the following runs take the following numbers
  --runs      how often each scenario runs
  --short     the subset of npm test, with the same seed every time`

/** The short subset breaks nobody's build by chance: it is the same every time. */
const SHORT_SEED = 1

/** @throws TypeError for what it does not know */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: argv.filter((argument) => argument !== '--'),
    options: {
      scenario: { type: 'string' },
      seed: { type: 'string' },
      runs: { type: 'string' },
      short: { type: 'boolean', default: false },
    },
  })
  return {
    seed:
      values.seed === undefined ? (values.short ? SHORT_SEED : randomInt(1_000_000_000)) : whole('seed', values.seed),
    runs: values.runs === undefined ? undefined : whole('runs', values.runs),
    only: values.scenario?.split(',') ?? [],
    isShort: values.short,
  }
}

function whole(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new TypeError(`--${name} takes a whole number, not "${text}"`)
  return number
}
