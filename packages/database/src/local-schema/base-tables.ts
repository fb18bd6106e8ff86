import type { TableDescription } from './table-description.ts'

/** A table of one row at most. */
const ONLY_ROW = { name: 'only_row', type: 'boolean', isNotNull: true, default: 'true', check: 'only_row' }

/** Tables that stand beside those of the entities. */
export const BASE_TABLES: readonly TableDescription[] = [
  {
    name: 'sync_operations',
    comment:
      'One row a write: what the outbox holds, put here by reconciling, and what the triggers of the views wrote and the outbox does not hold yet.',
    columns: [
      { name: 'op_id', type: 'uuid', isNotNull: true },
      {
        name: 'place',
        type: 'bigint',
        isNotNull: true,
        comment:
          'In the order of writing. Ids come in that order too, but for a clock that was put back. What is `written` comes after all that the outbox holds.',
      },
      { name: 'group_id', type: 'uuid' },
      {
        name: 'transaction_id',
        type: 'uuid',
        comment: 'One a local transaction; null where the outbox was written itself.',
      },
      { name: 'entity', type: 'text', isNotNull: true },
      { name: 'entity_id', type: 'uuid', isNotNull: true },
      { name: 'action', type: 'text', isNotNull: true },
      { name: 'state', type: 'text', isNotNull: true },
      { name: 'label', type: 'text', isNotNull: true },
      { name: 'changes', type: 'jsonb', comment: 'By property of the model; null for a visitor.' },
      { name: 'base_version', type: 'integer' },
      { name: 'captured_at', type: 'timestamp with time zone', isNotNull: true },
      { name: 'attempts', type: 'integer', isNotNull: true, default: '0' },
      { name: 'next_attempt_at', type: 'timestamp with time zone' },
      { name: 'delivered_at', type: 'timestamp with time zone' },
      { name: 'txid', type: 'bigint' },
      { name: 'version', type: 'integer' },
      { name: 'conflict', type: 'jsonb' },
      { name: 'reason', type: 'text' },
    ],
    primaryKey: ['op_id'],
    indexes: {
      sync_operations_row: ['entity', 'entity_id', 'place'],
      sync_operations_place: ['place'],
      sync_operations_transaction: ['transaction_id'],
    },
  },
  {
    name: 'seen_txids',
    comment: 'Transactions of the server whose changes a shape has brought, in the transaction that brought them.',
    columns: [
      { name: 'shape', type: 'text', isNotNull: true },
      { name: 'txid', type: 'bigint', isNotNull: true },
      { name: 'seen_at', type: 'timestamp with time zone', isNotNull: true, default: 'now()' },
    ],
    primaryKey: ['shape', 'txid'],
  },
  {
    name: 'seen_snapshots',
    comment:
      'The snapshot that the table of a shape was last filled from: what it saw is in the table, though nobody named its transactions.',
    columns: [
      { name: 'shape', type: 'text', isNotNull: true },
      { name: 'snapshot_xmin', type: 'bigint', isNotNull: true },
      { name: 'snapshot_xmax', type: 'bigint', isNotNull: true },
      { name: 'snapshot_xip', type: 'bigint[]', isNotNull: true },
    ],
    primaryKey: ['shape'],
  },
  {
    name: 'shape_positions',
    comment: 'Where a shape goes on, in the transaction of its rows.',
    columns: [
      { name: 'shape', type: 'text', isNotNull: true },
      { name: 'handle', type: 'text', isNotNull: true },
      { name: 'offset', type: 'text', isNotNull: true },
      { name: 'columns', type: 'text[]', isNotNull: true },
      { name: 'is_complete', type: 'boolean', isNotNull: true },
    ],
    primaryKey: ['shape'],
  },
  {
    name: 'local_transactions',
    comment: 'Transactions of components that were committed: a page whose worker died on the way learns it here.',
    columns: [
      { name: 'transaction_id', type: 'uuid', isNotNull: true },
      { name: 'committed_at', type: 'timestamp with time zone', isNotNull: true, default: 'now()' },
    ],
    primaryKey: ['transaction_id'],
  },
  {
    name: 'local_owner',
    comment: 'Name of the queue whose database this is: a tenant for visitors, a tenant and a person for members.',
    columns: [ONLY_ROW, { name: 'owner', type: 'text', isNotNull: true }],
    primaryKey: ['only_row'],
  },
  {
    name: 'landfall_schema',
    comment: 'The migrations that this schema went through.',
    columns: [
      { name: 'place', type: 'integer', isNotNull: true },
      { name: 'name', type: 'text', isNotNull: true },
      { name: 'hash', type: 'text', isNotNull: true },
      { name: 'kind', type: 'text', isNotNull: true },
      { name: 'applied_at', type: 'timestamp with time zone', isNotNull: true, default: 'now()' },
    ],
    primaryKey: ['place'],
  },
  {
    name: 'reconciled_revision',
    comment: 'The newest snapshot of the outbox that reached us, so that an older one of another tab can not undo it.',
    columns: [ONLY_ROW, { name: 'revision', type: 'bigint', isNotNull: true }],
    primaryKey: ['only_row'],
  },
]
