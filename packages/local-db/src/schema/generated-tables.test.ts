import type { PGlite } from '@electric-sql/pglite'
import { is } from 'drizzle-orm'
import { getTableConfig, getViewConfig, type PgColumn, PgTable, PgView } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { SYNCED_SHAPES, WRITABLE_ENTITIES } from './generated/entities.ts'
import structure from './generated/structure.json' with { type: 'json' }
import * as tables from './generated/tables.ts'

let pg: PGlite
beforeAll(async () => {
  pg = await createMemoryDatabase()
})
afterAll(() => pg.close())

interface CatalogColumn {
  relation: string
  name: string
  type: string
  is_not_null: boolean
}

async function columnsOf(kind: 'r' | 'v'): Promise<Record<string, CatalogColumn[]>> {
  const { rows } = await pg.query<CatalogColumn>(
    `SELECT relname AS relation, attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS is_not_null
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = $1 AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
    ORDER BY relname, attnum`,
    [kind],
  )
  const columns: Record<string, CatalogColumn[]> = {}
  for (const row of rows) columns[row.relation] = [...(columns[row.relation] ?? []), row]
  return columns
}

it('the described tables are those that the SQL makes', async () => {
  const made = Object.entries(await columnsOf('r')).map(([table, columns]) => [
    table,
    columns.map(({ name, type, is_not_null }) => [name, type, is_not_null]),
  ])
  const described = Object.entries(structure.tables).map(([table, { columns }]) => [
    table,
    Object.entries(columns).map(([name, { type, isNotNull }]) => [name, type, isNotNull]),
  ])
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(made))
})

it('the described views and functions are those that the SQL makes', async () => {
  expect([...structure.views].sort()).toEqual(Object.keys(await columnsOf('v')).sort())
  const { rows } = await pg.query<{ proname: string }>(
    `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname COLLATE "C"`,
  )
  expect([...structure.functions].sort()).toEqual(rows.map((row) => row.proname))
})

it('the drizzle tables have the columns of their views, and no others', async () => {
  const views = await columnsOf('v')
  const seen: string[] = []
  for (const table of Object.values(tables)) {
    if (!is(table, PgTable) && !is(table, PgView)) continue
    const { name } = is(table, PgTable) ? getTableConfig(table) : getViewConfig(table)
    const columns: PgColumn[] = is(table, PgTable)
      ? getTableConfig(table).columns
      : (Object.values(getViewConfig(table).selectedFields) as PgColumn[])
    const described = columns.map((column) => [column.name, column.getSQLType()])
    expect(described.sort(), name).toEqual(views[name]?.map((column) => [column.name, column.type]).sort())
    seen.push(name)
  }
  expect(seen.sort()).toEqual(['form_versions', 'forms', 'lead_events', 'leads', 'members', 'notes'])
})

it('the tables and keys of the shapes are there', async () => {
  const made = await columnsOf('r')
  for (const { table, columns } of Object.values(SYNCED_SHAPES)) {
    expect(Object.fromEntries(made[table]?.map(({ name, type }) => [name, type]) ?? [])).toEqual(columns)
  }
  const views = await columnsOf('v')
  for (const { view, syncedTable, localTable, payloadKeys } of Object.values(WRITABLE_ENTITIES)) {
    const shown = views[view]?.map(({ name }) => name)
    expect(shown).toEqual(expect.arrayContaining(Object.keys(payloadKeys)))
    expect(Object.keys(made)).toEqual(expect.arrayContaining([syncedTable, localTable]))
  }
})

it('bookkeeping stands directly after the key: a view in use can be given new columns at its end alone', async () => {
  const views = await columnsOf('v')
  for (const { view } of Object.values(WRITABLE_ENTITIES)) {
    expect(views[view]?.slice(0, 3).map(({ name }) => name)).toEqual(['id', '_has_local_changes', '_pending_write_id'])
  }
})
