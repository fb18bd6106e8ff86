import type pg from 'pg'
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
  // Not awaited one by one: whatever is wrong with an earlier statement, the later ones fail with it, and COMMIT tells.
  const sent: Promise<unknown>[] = []
  const send = (statement: string | pg.QueryConfig) => {
    const answer = client.query(statement)
    sent.push(answer)
    answer.catch(() => {})
    return answer
  }
  try {
    send('BEGIN')
    send({ name: 'set-tenant', text: 'SELECT set_config($1, $2, true)', values: [TENANT_SETTING, tenantId] })
    const result = await work(sessionOn(client, send))
    const committed = await send('COMMIT')
    await Promise.all(sent)
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

function sessionOn(
  client: pg.PoolClient,
  send: (statement: string | pg.QueryConfig) => Promise<pg.QueryResult>,
): TenantSession {
  return {
    async query<Row extends object>({ name, text, values = [] }: Statement) {
      const { rows } = await client.query<Row>({ ...(name ? { name } : {}), text, values: [...values] })
      return rows
    },
    async attempt(work) {
      send('SAVEPOINT attempt')
      try {
        const result = await work()
        send('RELEASE attempt')
        return result
      } catch (error) {
        // It outlives the rollback, and would be taken for the savepoint around it.
        await Promise.all([client.query('ROLLBACK TO attempt'), client.query('RELEASE attempt')])
        throw error
      }
    },
  }
}
