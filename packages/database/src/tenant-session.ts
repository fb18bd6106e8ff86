import pg from 'pg'
import type { AppDatabase } from './connection.ts'
import { TENANT_SETTING } from './schema/index.ts'

/**
 * A statement in SQL with positional parameters. With a name Postgres plans it once a connection: good for one that has
 * a single way to go, and a trap for one whose plan was made when its tables were empty.
 */
export interface Statement {
  name?: string
  text: string
  values?: readonly unknown[]
}

/**
 * A transaction of one tenant, one step below the query builder: statements that are sent without waiting for one
 * another share a round trip.
 */
export interface TenantSession {
  /** Rows of the statement. A rejection leaves the transaction to be rolled back, at least to the last `attempt`. */
  query<Row extends object>(statement: Statement): Promise<Row[]>
  /** Runs `work` in a savepoint; when it throws, only its own writes are undone, and the error comes out. */
  attempt<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Runs `work` in one transaction that may see and write the rows of this tenant and of no other.
 *
 * The transaction begins on the round trip of the first statement of `work`, and a savepoint costs none of its own.
 */
export async function withTenantSession<T>(
  database: AppDatabase,
  tenantId: string,
  work: (session: TenantSession) => Promise<T>,
): Promise<T> {
  const client = await database.$client.connect()
  try {
    // Not awaited: it goes out ahead of the first statement of `work`, which fails with it.
    const begun = client.query(`BEGIN; SELECT set_config('${TENANT_SETTING}', ${pg.escapeLiteral(tenantId)}, true)`)
    begun.catch(() => {})
    const result = await work(sessionOn(client))
    const committed = await client.query('COMMIT')
    await begun
    // Postgres answers the COMMIT of a failed transaction with ROLLBACK, not with an error.
    if (committed.command !== 'COMMIT') throw new Error('The transaction was rolled back instead of committed.')
    client.release()
    return result
  } catch (error) {
    await leave(client)
    throw error
  }
}

/** A connection that cannot even roll back is not given to anybody again. */
async function leave(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK')
    client.release()
  } catch {
    client.release(true)
  }
}

function sessionOn(client: pg.PoolClient): TenantSession {
  let depth = 0
  // A savepoint that did its work is released by the next one in its place, or by the end of what is around it: on a
  // message that goes out anyway.
  let kept = 0
  return {
    async query<Row extends object>({ name, text, values = [] }: Statement) {
      const { rows } = await client.query<Row>({ ...(name ? { name } : {}), text, values: [...values] })
      return rows
    },
    async attempt(work) {
      depth += 1
      const own = `attempt_${depth}`
      const set = client.query(kept >= depth ? `RELEASE ${own}; SAVEPOINT ${own}` : `SAVEPOINT ${own}`)
      set.catch(() => {})
      kept = depth
      try {
        const result = await work()
        await set
        return result
      } catch (error) {
        await client.query(`ROLLBACK TO ${own}`)
        throw error
      } finally {
        kept = depth
        depth -= 1
      }
    },
  }
}
