import type { WritableEntity } from '../schema/generated/entities.ts'

/**
 * What the views show, said a second time and simply: for the whole database at once, from the server's rows, the
 * operations in their order, and what the shapes have brought.
 */
export interface ViewModel {
  synced: Record<WritableEntity, Map<string, ModelRow>>
  /** In the order of the outbox; what is `written` last. */
  operations: ModelOperation[]
  seenTxids: Set<number>
}

export interface ModelRow {
  id: string
  version: number
  writeId: string | null
  status?: string
  values?: Record<string, string>
  body?: string
}

export interface ModelOperation {
  opId: string
  entity: WritableEntity
  id: string
  action: 'insert' | 'update' | 'delete'
  state: 'written' | 'queued' | 'sending' | 'delivered' | 'dead'
  changes: Record<string, unknown> | null
  version: number | null
  txid: number | null
  /** Values that were kept instead of ours, by field as conflicts name it. */
  kept: Record<string, string> | null
}

export interface ShownRow {
  id: string
  status?: string
  values?: Record<string, string>
  body?: string
  pendingWriteId: string | null
}

export function shownRows(model: ViewModel, entity: WritableEntity): ShownRow[] {
  const synced = model.synced[entity]
  const ids = new Set([...synced.keys(), ...model.operations.filter((op) => op.entity === entity).map(({ id }) => id)])
  return [...ids]
    .sort()
    .map((id) => shownRow(model, entity, id))
    .filter((row) => row !== undefined)
}

function shownRow(model: ViewModel, entity: WritableEntity, id: string): ShownRow | undefined {
  const row = model.synced[entity].get(id)
  if (entity === 'lead' && row?.status === 'withdrawn') return asShown(row, null)
  const waiting = waitingOperations(model, entity, id)
  let shown = row && asShown(row, null)
  for (const { action, changes, kept, opId } of waiting) {
    if (action === 'insert') {
      shown = { id, ...changes, pendingWriteId: opId }
    } else if (action === 'delete' && kept) {
      if (shown) shown = edited(shown, kept)
    } else if (action === 'delete') {
      return undefined
    } else if (shown) {
      const own = flat(changes ?? {})
      const stands = Object.entries(own).some(([field, value]) => (kept?.[field] ?? value) === value)
      shown = edited(shown, { ...own, ...onlyOf(own, kept ?? {}) })
      if (stands) shown.pendingWriteId = opId
    }
  }
  return shown
}

/** Those behind the last one that has arrived. */
function waitingOperations({ operations, synced, seenTxids }: ViewModel, entity: WritableEntity, id: string) {
  const ofRow = operations.filter((operation) => operation.entity === entity && operation.id === id)
  const row = synced[entity].get(id)
  const lastArrived = ofRow.findLastIndex(({ opId, action, state, version, txid }) => {
    if (row && (row.writeId === opId || action === 'insert')) return true
    if (state !== 'delivered') return false
    return (row && version !== null && row.version >= version) || (txid !== null && seenTxids.has(txid))
  })
  return ofRow.slice(lastArrived + 1).filter(({ state }) => state !== 'dead')
}

function asShown({ id, status, values, body }: ModelRow, pendingWriteId: string | null): ShownRow {
  return { id, ...(body === undefined ? { status, values } : { body }), pendingWriteId }
}

/** `values` by its keys, as `values.<key>`. */
function flat(changes: Record<string, unknown>): Record<string, string> {
  const { values, ...others } = changes as Record<string, string> & { values?: Record<string, string> }
  const ofValues = Object.entries(values ?? {}).map(([key, value]) => [`values.${key}`, value])
  return { ...others, ...Object.fromEntries(ofValues) }
}

const onlyOf = (own: Record<string, string>, kept: Record<string, string>) =>
  Object.fromEntries(Object.entries(kept).filter(([field]) => Object.hasOwn(own, field)))

function edited(shown: ShownRow, changes: Record<string, string>): ShownRow {
  const next = { ...shown, ...(shown.values ? { values: { ...shown.values } } : {}) }
  for (const [field, value] of Object.entries(changes)) {
    if (field === 'status' || field === 'body') next[field] = value
    else if (next.values && value === '') delete next.values[field.slice('values.'.length)]
    else if (next.values) next.values[field.slice('values.'.length)] = value
  }
  return next
}
