import type { SeededRandom } from '../seeded-random.ts'

/** What happens to a reader when so many transactions of the run have ended. */
export interface Disturbance {
  after: number
  do: 'resume' | 'start-over' | 'delete-shape'
}

/** What the network does to its requests: shares of all of them. */
export interface Weather {
  /** The answer comes late and in pieces. */
  slow: number
  /** The answer breaks off somewhere. */
  broken: number
  /** Nobody answers. */
  refused: number
}

export interface ReaderPlan {
  /** Index of the shape. */
  shape: number
  transport: 'long-poll' | 'sse'
  /**
   * `whole` reads the log from its beginning; `changes-only` follows a log without rows and asks for the rows in a
   * subset of its own.
   */
  source: 'whole' | 'changes-only'
  /** Number of ended transactions after which it starts. */
  startsAfter: number
  weather: Weather
  weatherSeed: number
  disturbances: Disturbance[]
  /** At the end it goes on waiting, or it is resumed from what it has stored. */
  atEnd: 'waits' | 'resumes'
}

const FINE: Weather = { slow: 0, broken: 0, refused: 0 }

export function planReader(random: SeededRandom, shape: number, transactions: number): ReaderPlan {
  const transport = random.chance(0.25) ? 'sse' : 'long-poll'
  const source = transport === 'long-poll' && random.chance(0.12) ? 'changes-only' : 'whole'
  const weather = random.weighted({ fine: 5, slow: 2, broken: 2, all: 1 })
  const disturbances = Array.from(
    { length: source === 'changes-only' ? 0 : random.pick([0, 0, 1, 1, 2, 3]) },
    (): Disturbance => ({
      after: random.between(0, transactions),
      do: random.weighted({ resume: 6, 'start-over': 2, 'delete-shape': 1 }),
    }),
  )
  return {
    shape,
    transport,
    source,
    startsAfter: random.chance(0.5) ? 0 : random.between(0, transactions),
    weather: {
      ...FINE,
      ...((weather === 'slow' || weather === 'all') && { slow: 0.4 }),
      ...((weather === 'broken' || weather === 'all') && { broken: 0.25, refused: 0.1 }),
    },
    weatherSeed: random.between(0, 2 ** 31),
    disturbances: disturbances.toSorted((a, b) => a.after - b.after),
    atEnd: transport === 'sse' || random.chance(0.5) ? 'resumes' : 'waits',
  }
}
