import type { LocalType } from '../local-type.ts'
import type { ResolvedColumn, ResolvedEntity } from '../resolve-entity.ts'
import { quoteText } from './quote-name.ts'

const BUILDERS: Record<LocalType, string> = {
  uuid: 'uuid',
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  'double precision': 'doublePrecision',
  boolean: 'boolean',
  jsonb: 'jsonb',
  'timestamp with time zone': 'timestamp',
  date: 'date',
}

/** `tables.ts`: the views as drizzle tables, named and typed like those of the model. */
export function drizzleTables(entities: readonly ResolvedEntity[], header: string): string {
  const shown = entities.flatMap((entity) => (entity.view === null ? [] : [{ ...entity, view: entity.view }]))
  const declarations = shown.map((entity) => declaration(entity))
  const text = declarations.join('\n\n')
  const builders = [...Object.values(BUILDERS), 'pgTable', 'pgView'].filter((name) => text.includes(` ${name}(`)).sort()
  const types = [
    ...new Set(shown.flatMap(({ columns }) => columns.flatMap(({ jsonType }) => namesOf(jsonType)))),
  ].sort()
  const imports = [
    ...(types.length > 0 ? [`import type { ${types.join(', ')} } from '@landfall/contract'`] : []),
    ...(text.includes('sql`') ? [`import { sql } from 'drizzle-orm'`] : []),
    `import { ${builders.join(', ')} } from 'drizzle-orm/pg-core'`,
  ]
  return `${header}\n${imports.join('\n')}\n\n${text}\n`
}

function declaration(entity: ResolvedEntity & { view: string }): string {
  const { view, rowType, columns, writes } = entity
  const name = camelCase(view)
  const lines = columns.map((column) => `  ${column.property}: ${columnType(column, entity)},`)
  if (!writes) {
    return [
      '/** Read only. */',
      `export const ${name} = pgView(${quoteText(view)}, {`,
      ...lines,
      '}).existing()',
      `export type ${rowType} = typeof ${name}.$inferSelect`,
    ].join('\n')
  }
  const statements = [
    writes.insertable.length > 0 ? `INSERT (${writes.insertable.join(', ')})` : undefined,
    writes.mutable.length > 0 ? `UPDATE (${writes.mutable.join(', ')})` : undefined,
    writes.isDeletable ? 'DELETE' : undefined,
  ].filter((statement) => statement !== undefined)
  return [
    `/** Takes ${statements.join(', ')}. */`,
    `export const ${name} = pgTable(${quoteText(view)}, {`,
    ...lines,
    `  _hasLocalChanges: boolean('_has_local_changes').notNull().generatedAlwaysAs(sql\`\`),`,
    '  /** Operation whose values are shown. */',
    `  _pendingWriteId: uuid('_pending_write_id').generatedAlwaysAs(sql\`\`),`,
    '})',
    `export type ${rowType} = typeof ${name}.$inferSelect`,
    ...(writes.insertable.length > 0 ? [`export type New${rowType} = typeof ${name}.$inferInsert`] : []),
  ].join('\n')
}

function columnType(column: ResolvedColumn, { writes }: ResolvedEntity): string {
  const { name, type, words, jsonType, isNotNull } = column
  const options = [
    type === 'timestamp with time zone' ? `withTimezone: true, mode: 'date'` : '',
    type === 'bigint' ? `mode: 'number'` : '',
    words.length > 0 ? `enum: [${words.map(quoteText).join(', ')}]` : '',
  ].filter((option) => option !== '')
  const parts = [`${BUILDERS[type]}(${quoteText(name)}${options.length > 0 ? `, { ${options.join(', ')} }` : ''})`]
  if (jsonType !== null) parts.push(`$type<${jsonType}>()`)
  if (writes && name === 'id') {
    parts.push('primaryKey()', 'default(sql`uuidv7()`)')
  } else {
    if (isNotNull) parts.push('notNull()')
    // Drizzle leaves a generated column out of what may be written, in types and in statements.
    const isWritten = writes?.insertable.includes(name) || writes?.mutable.includes(name)
    if (writes && !isWritten) parts.push('generatedAlwaysAs(sql``)')
  }
  return parts.join('.')
}

/** Names to import for a type as metadata writes it, such as `SpamReason[]`. */
function namesOf(jsonType: string | null): string[] {
  return (jsonType?.match(/\b[A-Z]\w*/g) ?? []).filter((name) => name !== 'Record')
}

export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
