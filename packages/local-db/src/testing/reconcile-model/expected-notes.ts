import type { PGlite } from '@electric-sql/pglite'

interface OperationRow {
  op_id: string
  entity_id: string
  action: string
  state: string
  changes: { leadId?: string; body?: string } | null
  txid: number | null
  version: number | null
  conflict: { body?: { kept: string } } | null
}

interface SyncedRow {
  id: string
  body: string
  version: number
  write_id: string | null
}

/** Bodies of the visible notes by id. */
export type Notes = Record<string, string>

const byId = (rows: readonly { id: string; body: string }[]): Notes =>
  Object.fromEntries(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, body }) => [id, body]))

export async function shownNotes(pg: PGlite): Promise<Notes> {
  return byId((await pg.query<{ id: string; body: string }>('SELECT id, body FROM notes')).rows)
}

/** What the view has to show: the server's rows under what counts, said once more in another language than SQL. */
export async function expectedNotes(pg: PGlite): Promise<Notes> {
  const { rows: operations } = await pg.query<OperationRow>(
    `SELECT * FROM sync_operations ORDER BY (state = 'written'), place, op_id`,
  )
  const { rows: synced } = await pg.query<SyncedRow>('SELECT id, body, version, write_id FROM notes_synced')
  const { rows: seen } = await pg.query<{ txid: number }>('SELECT txid FROM seen_txids')
  const seenTxids = new Set(seen.map(({ txid }) => txid))
  const syncedById = new Map(synced.map((row) => [row.id, row]))
  const ids = new Set([...syncedById.keys(), ...operations.map(({ entity_id }) => entity_id)])
  const shown = [...ids].flatMap((id) => {
    const row = syncedById.get(id)
    const ofRow = operations.filter(({ entity_id }) => entity_id === id)
    const lastArrived = ofRow.findLastIndex((operation) => hasArrived(operation, row, seenTxids))
    const body = applyAll(row?.body, ofRow.slice(lastArrived + 1))
    return body === undefined ? [] : [{ id, body }]
  })
  return byId(shown)
}

function hasArrived(operation: OperationRow, row: SyncedRow | undefined, seenTxids: ReadonlySet<number>): boolean {
  if (row && (row.write_id === operation.op_id || operation.action === 'insert')) return true
  if (operation.state !== 'delivered') return false
  const isInVersion = row !== undefined && operation.version !== null && operation.version <= row.version
  return isInVersion || (operation.txid !== null && seenTxids.has(operation.txid))
}

function applyAll(start: string | undefined, operations: readonly OperationRow[]): string | undefined {
  let body = start
  for (const { action, state, changes, conflict } of operations) {
    if (state === 'dead') continue
    const kept = conflict?.body?.kept
    if (action === 'insert') body = changes?.body
    else if (action === 'delete') body = body === undefined ? undefined : kept
    else if (body !== undefined) body = kept ?? changes?.body ?? body
  }
  return body
}
