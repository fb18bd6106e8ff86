import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { TransactionPlan } from '../plan/transaction-plan.ts'

export interface WriterCounts {
  committed: number
  /** As planned. */
  rolledBack: number
  /** Transactions that Postgres ended: deadlocks, locks, a lost connection. */
  broken: number
  statements: number
  /** Statements that were refused, mostly for a key that was taken. */
  refused: number
}

export const NOTHING_WRITTEN: WriterCounts = { committed: 0, rolledBack: 0, broken: 0, statements: 0, refused: 0 }

/** Does what is planned, one transaction after the other; `onEnded` follows each, however it ended. */
export async function write(
  pool: pg.Pool,
  transactions: readonly TransactionPlan[],
  onEnded: () => Promise<void>,
): Promise<WriterCounts> {
  const counts = { ...NOTHING_WRITTEN }
  for (const transaction of transactions) {
    await runTransaction(pool, transaction, counts).catch(() => {
      counts.broken += 1
    })
    await onEnded()
  }
  return counts
}

async function runTransaction(pool: pg.Pool, { steps, ends, isAllOrNothing }: TransactionPlan, counts: WriterCounts) {
  const client = await pool.connect()
  let isSound = false
  try {
    await client.query('BEGIN')
    for (const step of steps) {
      switch (step.do) {
        case 'sql':
          if (isAllOrNothing) await client.query(step.sql)
          else await runAlone(client, step.sql, counts)
          counts.statements += 1
          break
        case 'undone':
          await client.query('SAVEPOINT undone')
          for (const sql of step.sql) await runAlone(client, sql, counts)
          await client.query('ROLLBACK TO undone')
          break
        case 'pause':
          await delay(step.ms)
          break
      }
    }
    await client.query(ends)
    isSound = true
    if (ends === 'commit') counts.committed += 1
    else counts.rolledBack += 1
  } finally {
    client.release(!isSound)
  }
}

/** The error of one statement leaves the rest of the transaction as it is. */
async function runAlone(client: pg.PoolClient, sql: string, counts: WriterCounts): Promise<void> {
  await client.query('SAVEPOINT alone')
  try {
    await client.query(sql)
    await client.query('RELEASE alone')
  } catch {
    counts.refused += 1
    await client.query('ROLLBACK TO alone')
  }
}
