import type { ResolvedEntity } from '../resolve-entity.ts'

/** `entities.ts`: what code asks of the entities at run time. */
export function entityMetadata(entities: readonly ResolvedEntity[], header: string): string {
  const shapes = Object.fromEntries(
    entities.map(({ shape, syncedTable, primaryKey, columns }) => [
      shape,
      { table: syncedTable, primaryKey, columns: Object.fromEntries(columns.map(({ name, type }) => [name, type])) },
    ]),
  )
  const writable = Object.fromEntries(
    entities.flatMap(({ shape, view, columns, syncedTable, localTable, writes }) =>
      writes
        ? [
            [
              writes.entity,
              {
                view,
                shape,
                syncedTable,
                localTable,
                payloadKeys: Object.fromEntries(
                  columns
                    .filter(({ name }) => writes.insertable.includes(name) || writes.mutable.includes(name))
                    .map(({ name, property }) => [name, property]),
                ),
                insertable: writes.insertable,
                mutable: writes.mutable,
                mergedByKey: writes.mergedByKey,
                isDeletable: writes.isDeletable,
                defaultMode: writes.defaultMode,
              },
            ] as const,
          ]
        : [],
    ),
  )
  return `${header}

/** Which table a shape fills: the columns of its rows with their types. */
export const SYNCED_SHAPES = ${literal(shapes)} as const
export type SyncedShape = keyof typeof SYNCED_SHAPES

/** What may be written, by \`entity\` of the operations. Columns are those of the view; \`payloadKeys\` are by column. */
export const WRITABLE_ENTITIES = ${literal(writable)} as const
export type WritableEntity = keyof typeof WRITABLE_ENTITIES
`
}

const LINE_WIDTH = 100

/** A value as TypeScript in the house style. */
function literal(value: unknown, indent = ''): string {
  const flat = flatLiteral(value)
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= LINE_WIDTH) return flat
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((item) => literal(item, inner))
    : Object.entries(value).map(([key, item]) => `${keyOf(key)}: ${literal(item, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`
}

function flatLiteral(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const parts = Object.entries(value).map(([key, item]) => `${keyOf(key)}: ${flatLiteral(item)}`)
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}'
}

const keyOf = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : `'${key}'`)
