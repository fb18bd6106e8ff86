import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'pg'
import { type Database, quoteLiteral } from '../database.ts'
import { type Lsn, parseLsn } from './lsn.ts'

/** What stands under the name of our slot. */
export type SlotState =
  | { kind: 'absent' }
  /** Somebody streams from it. */
  | { kind: 'in-use'; processId: number }
  /** It cannot bring what we miss. */
  | { kind: 'unusable'; reason: string }
  /** What commits before this position has been acknowledged and will not come again. */
  | { kind: 'free'; acknowledged: Lsn }

interface SlotRow {
  plugin: string | null
  slot_type: string
  database: string | null
  active_pid: number | null
  wal_status: string | null
  confirmed_flush_lsn: string | null
  /** From Postgres 16 on. */
  conflicting?: boolean | null
  /** From Postgres 17 on. */
  invalidation_reason?: string | null
}

export async function readSlot(database: Pick<Database, 'query'>, slotName: string): Promise<SlotState> {
  const { rows } = await database.query<{ slot: string }>(
    `SELECT to_json(s)::text AS slot FROM pg_replication_slots s WHERE slot_name = $1`,
    [slotName],
  )
  const [row] = rows
  if (!row) return { kind: 'absent' }
  const slot = JSON.parse(row.slot) as SlotRow
  const { rows: names } = await database.query<{ name: string }>('SELECT current_database() AS name')
  return stateOf(slot, names[0]?.name)
}

function stateOf(slot: SlotRow, databaseName: string | undefined): SlotState {
  if (slot.active_pid !== null) return { kind: 'in-use', processId: slot.active_pid }
  if (slot.slot_type !== 'logical' || slot.plugin !== 'pgoutput') {
    return { kind: 'unusable', reason: `it is for ${slot.plugin ?? slot.slot_type}` }
  }
  if (slot.database !== databaseName) return { kind: 'unusable', reason: 'it is of another database' }
  if (slot.invalidation_reason) return { kind: 'unusable', reason: `it was invalidated: ${slot.invalidation_reason}` }
  if (slot.wal_status === 'lost') return { kind: 'unusable', reason: 'its write-ahead log was removed' }
  if (slot.conflicting) return { kind: 'unusable', reason: 'it conflicted with recovery' }
  if (!slot.confirmed_flush_lsn) return { kind: 'unusable', reason: 'it was never finished' }
  return { kind: 'free', acknowledged: parseLsn(slot.confirmed_flush_lsn) }
}

/**
 * Creates the slot on the connection that will stream from it: a temporary one ends with that connection. Waits until
 * the transactions that are open now are over. Returns where its changes begin.
 */
export async function createSlot(client: Client, slotName: string, isTemporary: boolean): Promise<Lsn> {
  const { rows } = await client.query<{ consistent_point: string }>(
    `CREATE_REPLICATION_SLOT "${slotName}" ${isTemporary ? 'TEMPORARY ' : ''}LOGICAL pgoutput NOEXPORT_SNAPSHOT`,
  )
  return parseLsn(rows[0]?.consistent_point ?? '0/0')
}

export async function dropSlot(database: Pick<Database, 'query'>, slotName: string): Promise<void> {
  await database.query(
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ${quoteLiteral(slotName)}`,
  )
}

const POLL_MS = 10
const LONGEST_WAIT_MS = 3_000

/**
 * Waits until Postgres has let go of a slot, which it does a little after the connection ended. Until then the database
 * of a temporary one cannot be dropped, and nobody can take over a permanent one. Gives up without an error: it happens
 * by itself in any case.
 */
export async function waitForSlotRelease(database: Pick<Database, 'query'>, slotName: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += POLL_MS) {
    try {
      const { rowCount } = await database.query(
        'SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND (active OR temporary)',
        [slotName],
      )
      if (!rowCount) return
    } catch {
      // Postgres is gone, and with it the connection.
      return
    }
    await delay(POLL_MS)
  }
}
