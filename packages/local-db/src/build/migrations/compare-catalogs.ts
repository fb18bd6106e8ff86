import type { CatalogColumn, CatalogObject, CatalogTable, CatalogView } from './catalog.ts'

/** What leads from one catalog to another. */
export interface CatalogDifference {
  /** Statements for a database in use, in order. */
  additive: string[]
  /** What no such statement can do, or would take from an older build that reads: each needs a reset. */
  destructive: string[]
}

/** Compares what is there with what is wanted. Both empty: the two are the same. */
export function compareCatalogs(
  present: readonly CatalogObject[],
  wanted: readonly CatalogObject[],
): CatalogDifference {
  const difference: CatalogDifference = { additive: [], destructive: [] }
  const before = byName(present)
  const after = byName(wanted)
  // Columns first: what is made over, whatever its age, may read new ones of a table that is as old.
  for (const object of wanted) {
    const old = before.get(key(object))
    if (object.kind === 'table' && old?.kind === 'table') compareTables(old, object, difference)
  }
  for (const object of wanted) compareObject(before.get(key(object)), object, difference)
  // What goes is dropped last, when nothing uses it any more; triggers before their functions.
  for (const object of [...present].reverse()) {
    if (!after.has(key(object))) dropObject(object, difference)
  }
  return difference
}

const key = ({ kind, name }: CatalogObject) => `${kind} ${name}`
const byName = (catalog: readonly CatalogObject[]) => new Map(catalog.map((object) => [key(object), object]))

function compareObject(old: CatalogObject | undefined, object: CatalogObject, difference: CatalogDifference): void {
  const { additive } = difference
  switch (object.kind) {
    case 'table':
      if (!old) additive.push(createTable(object))
      return
    case 'view':
      if (old?.kind === 'view') compareViewColumns(old, object, difference)
      if (old?.kind !== 'view' || old.definition !== object.definition)
        additive.push(`CREATE OR REPLACE VIEW ${object.name} AS\n${object.definition}`)
      return
    case 'function':
    case 'trigger':
      if (old?.kind === object.kind && old.definition === object.definition) return
      additive.push(`${object.definition.trimEnd().replace(/^CREATE (?=TRIGGER)/, 'CREATE OR REPLACE ')};`)
      return
    case 'index':
      if (old?.kind === 'index' && old.definition === object.definition) return
      if (old) additive.push(`DROP INDEX ${object.name};`)
      additive.push(`${object.definition};`)
  }
}

function dropObject(object: CatalogObject, { additive, destructive }: CatalogDifference): void {
  switch (object.kind) {
    case 'table':
    case 'view':
      destructive.push(`the ${object.kind} ${object.name} goes`)
      return
    case 'index':
    case 'function':
      additive.push(`DROP ${object.kind.toUpperCase()} ${object.name};`)
      return
    case 'trigger': {
      const [table, trigger] = object.name.split('.')
      additive.push(`DROP TRIGGER ${trigger} ON ${table};`)
    }
  }
}

function createTable({ name, columns, constraints }: CatalogTable): string {
  const parts = [
    ...columns.map(columnSql),
    ...Object.entries(constraints).map(([constraint, sql]) => `CONSTRAINT ${quoted(constraint)} ${sql}`),
  ]
  return `CREATE TABLE ${name} (\n  ${parts.join(',\n  ')}\n);`
}

function compareTables(old: CatalogTable, table: CatalogTable, { additive, destructive }: CatalogDifference): void {
  const alter = (change: string) => additive.push(`ALTER TABLE ${table.name} ${change};`)
  const before = new Map(old.columns.map((column) => [column.name, column]))
  for (const column of table.columns) {
    const was = before.get(column.name)
    before.delete(column.name)
    const name = `${table.name}.${column.name}`
    if (!was) {
      if (column.isNotNull && column.default === null)
        destructive.push(`the new column ${name} has no value for rows that are there: let it be null, or give it a default`)
      else alter(`ADD COLUMN ${columnSql(column)}`)
      continue
    }
    if (was.type !== column.type) destructive.push(`${name} becomes ${column.type}, and was ${was.type}`)
    if (!was.isNotNull && column.isNotNull) destructive.push(`${name} must not be null any more`)
    if (was.isNotNull && !column.isNotNull) alter(`ALTER COLUMN ${quoted(column.name)} DROP NOT NULL`)
    if (was.default !== column.default)
      alter(`ALTER COLUMN ${quoted(column.name)} ${column.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${column.default}`}`)
  }
  for (const name of before.keys()) destructive.push(`the column ${table.name}.${name} goes`)
  if (JSON.stringify(sorted(old.constraints)) !== JSON.stringify(sorted(table.constraints)))
    destructive.push(`the constraints of ${table.name} change`)
}

/** Live queries hold a view as it is: it may get columns at its end, and lose or change none. */
function compareViewColumns(old: CatalogView, view: CatalogView, { destructive }: CatalogDifference): void {
  old.columns.forEach((column, place) => {
    const now = view.columns[place]
    const name = `${view.name}.${column.name}`
    const later = view.columns.find((candidate) => candidate.name === column.name)
    if (!later) destructive.push(`the view's column ${name} goes`)
    else if (later.type !== column.type) destructive.push(`${name} becomes ${later.type}, and was ${column.type}`)
    else if (now?.name !== column.name)
      destructive.push(`the view's column ${name} moves: put new columns at the end of the shape's`)
  })
}

function columnSql({ name, type, isNotNull, default: value }: CatalogColumn): string {
  return [quoted(name), type, isNotNull ? 'NOT NULL' : '', value === null ? '' : `DEFAULT ${value}`].filter(Boolean).join(' ')
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const sorted = (members: Record<string, string>) => Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))
