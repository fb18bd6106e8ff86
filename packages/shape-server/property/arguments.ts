import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

export interface Arguments {
  /** Seed of the first run; the next run has the next number. */
  seed: number
  /** At most so many runs. */
  runs: number
  /** No run begins later than this. */
  minutes: number
  /** Runs at once. */
  jobs: number
  /** Server and Postgres are ended and started again meanwhile. */
  hasOutages: boolean
  isVerbose: boolean
}

export const USAGE = `pnpm property [--seed n] [--runs n] [--minutes n] [--jobs n] [--outages] [--verbose]

  --seed     seed of the first run; the following runs take the following numbers
  --runs     how many runs (300, or without end when there are minutes)
  --minutes  no run begins later
  --jobs     runs at once (6)
  --outages  the server is stopped and killed, Postgres restarted and its walsender ended, again and again
  --verbose  prints the plan of every run that fails, and the log of the server`

const RUNS = 300
const JOBS = 6

/** @throws TypeError for what it does not know */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: argv.filter((argument) => argument !== '--'),
    options: {
      seed: { type: 'string' },
      runs: { type: 'string' },
      minutes: { type: 'string' },
      jobs: { type: 'string' },
      outages: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  })
  return {
    seed: values.seed === undefined ? randomInt(1_000_000_000) : whole('seed', values.seed),
    runs: values.runs === undefined ? (values.minutes === undefined ? RUNS : Infinity) : whole('runs', values.runs),
    minutes: values.minutes === undefined ? Infinity : whole('minutes', values.minutes),
    jobs: values.jobs === undefined ? JOBS : Math.max(1, whole('jobs', values.jobs)),
    hasOutages: values.outages,
    isVerbose: values.verbose,
  }
}

function whole(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new TypeError(`--${name} takes a whole number, not "${text}"`)
  return number
}
