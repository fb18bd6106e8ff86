import type { Column, Table } from '../catalog/table.ts'
import type { Relation } from '../replication/pgoutput.ts'
import type { Change, Row, Transaction } from '../replication/transaction.ts'
import type { ShapeDefinition } from '../shapes/definition.ts'

const column = (name: string, keyIndex: number | null): Column => ({
  name,
  typeOid: 25,
  typeModifier: -1,
  typeName: 'text',
  baseTypeName: 'text',
  baseTypeSql: 'text',
  isEnum: false,
  enumLabels: null,
  isBuiltinType: true,
  isArray: false,
  dimensions: 1,
  isNotNull: keyIndex !== null,
  isGenerated: false,
  collation: { provider: 'builtin', locale: 'C.UTF-8', isDeterministic: true },
  keyIndex,
})

/** `items (id PRIMARY KEY, a, b)`, all text. */
export const ITEMS: Table = {
  oid: 7,
  schema: 'public',
  table: 'items',
  isPartitioned: false,
  isPartition: false,
  hasFullIdentity: true,
  partitions: [],
  columns: [column('id', 0), column('a', null), column('b', null)],
  primaryKey: ['id'],
}

export const ITEMS_RELATION: Relation = {
  oid: 7,
  schema: 'public',
  name: 'items',
  columns: ITEMS.columns.map(({ name, typeOid, typeModifier }) => ({ name, typeOid, typeModifier })),
}

export function definitionOf(overrides: Partial<ShapeDefinition> = {}): ShapeDefinition {
  return {
    id: 'items',
    table: ITEMS,
    where: undefined,
    columns: ITEMS.columns,
    hasColumnList: false,
    keyColumns: ['id'],
    replica: 'default',
    log: 'full',
    ...overrides,
  }
}

/** A where clause on column `a`. */
export const whereA = (test: (a: string | null) => boolean): ShapeDefinition['where'] => ({
  sql: 'a …',
  canonical: 'a …',
  columns: new Set(['a']),
  equalities: new Map(),
  matches: (row) => test(row.a ?? null),
})

export const row = (id: string, a: string | null, b: string | null = null): Row => ({ id, a, b })

type RowChange = { old?: Row; row?: Row }

export function transaction(lsn: bigint, xid: number, ...changes: (RowChange | 'truncate')[]): Transaction {
  return {
    lsn,
    endLsn: lsn + 8n,
    xid,
    isFirst: true,
    isComplete: true,
    changes: changes.map((change, index): Change => {
      const base = { relation: ITEMS_RELATION, position: index * 2 }
      if (change === 'truncate') return { ...base, kind: 'truncate' }
      if (change.old && change.row) return { ...base, kind: 'update', old: change.old, row: change.row }
      if (change.row) return { ...base, kind: 'insert', row: change.row }
      return { ...base, kind: 'delete', old: change.old }
    }),
  }
}
