import type { Column } from './table.ts'

interface SchemaEntry {
  type: string
  dims?: number
  not_null?: true
  pk_index?: number
  max_length?: number
  length?: number
  precision?: number
  scale?: number
}

/** The value of `electric-schema`, from which clients choose their parsers. Header values are ASCII. */
export function schemaHeader(columns: Column[]): string {
  const entries = columns.map((column) => [column.name, schemaEntry(column)])
  return JSON.stringify(Object.fromEntries(entries)).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function schemaEntry(column: Column): SchemaEntry {
  return {
    type: column.typeName,
    ...(column.isArray && { dims: column.dimensions }),
    ...(column.isNotNull && { not_null: true as const }),
    ...(column.keyIndex !== null && { pk_index: column.keyIndex }),
    ...modifierEntry(column.typeName, column.typeModifier),
  }
}

/** How `atttypmod` is packed differs from type to type; -1 is none. */
function modifierEntry(typeName: string, modifier: number): Partial<SchemaEntry> {
  switch (typeName) {
    case 'bit':
    case 'varbit':
      return { length: modifier }
    case 'varchar':
      return modifier < 0 ? {} : { max_length: modifier - 4 }
    case 'bpchar':
      return modifier < 0 ? {} : { length: modifier - 4 }
    case 'numeric': {
      if (modifier < 0) return {}
      const packed = modifier - 4
      // The scale is a signed number of eleven bits.
      return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 0x400) - 0x400 }
    }
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamptz':
      return modifier < 0 ? {} : { precision: modifier }
    default:
      return {}
  }
}
