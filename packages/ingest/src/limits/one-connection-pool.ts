import type pg from 'pg'

interface Turn {
  client: Promise<pg.PoolClient>
  pending: number
  isOver: boolean
  isBroken: boolean
}

/**
 * A pool whose statements of one turn of the event loop go out together on one connection: they share a round trip, and
 * take no three connections from those who wait for one. Each is still a transaction of its own.
 */
export class OneConnectionPool {
  readonly #pool: pg.Pool
  #turn: Turn | undefined

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    const turn = this.#thisTurn()
    turn.pending += 1
    try {
      const client = await turn.client
      return await client.query(statement)
    } catch (error) {
      turn.isBroken = true
      throw error
    } finally {
      turn.pending -= 1
      this.#releaseIfDone(turn)
    }
  }

  #thisTurn(): Turn {
    if (this.#turn) return this.#turn
    const turn: Turn = { client: this.#pool.connect(), pending: 0, isOver: false, isBroken: false }
    this.#turn = turn
    setImmediate(() => {
      turn.isOver = true
      this.#turn = undefined
      this.#releaseIfDone(turn)
    })
    return turn
  }

  #releaseIfDone(turn: Turn): void {
    if (!turn.isOver || turn.pending > 0) return
    // Without a connection there is nothing to give back, and whoever asked has been told.
    turn.client.then(
      (client) => client.release(turn.isBroken),
      () => {},
    )
  }
}
