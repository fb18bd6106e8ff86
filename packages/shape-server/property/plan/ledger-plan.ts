import { quoteIdentifier } from '../../src/database.ts'
import type { SeededRandom } from '../seeded-random.ts'
import type { TransactionPlan } from './transaction-plan.ts'

// Accounts whose sum no transaction changes, but every statement does: whoever sees another sum saw half a transaction.

const ACCOUNTS = 6
const EACH = 100
export const LEDGER_SUM = ACCOUNTS * EACH

export const ledgerName = (schema: string) => `${quoteIdentifier(schema)}.ledger`

export const createLedger = (schema: string): string[] => [
  `CREATE TABLE ${ledgerName(schema)} (id int PRIMARY KEY, amount int NOT NULL)`,
  `INSERT INTO ${ledgerName(schema)} SELECT g, ${EACH} FROM generate_series(1, ${ACCOUNTS}) AS g`,
]

export function planTransfer(random: SeededRandom, schema: string): TransactionPlan {
  const move = (id: number, amount: number) =>
    ({
      do: 'sql',
      sql: `UPDATE ${ledgerName(schema)} SET amount = amount + ${amount} WHERE id = ${id}`,
    }) as const
  const steps: TransactionPlan['steps'] = []
  for (let left = random.between(1, 4); left > 0; left -= 1) {
    const [from, to, amount] = [random.between(1, ACCOUNTS), random.between(1, ACCOUNTS), random.between(1, 50)]
    steps.push(move(from, -amount))
    if (random.chance(0.3)) steps.push({ do: 'pause', ms: random.between(1, 10) })
    steps.push(move(to, amount))
  }
  return { steps, ends: random.chance(0.1) ? 'rollback' : 'commit', isAllOrNothing: true }
}
