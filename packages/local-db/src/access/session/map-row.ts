import * as drizzle from 'drizzle-orm'
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core/query-builders/select.types'

export type JoinsNotNullable = Record<string, boolean> | undefined

/** What every driver of Drizzle maps its rows with. It is exported and left out of the types. */
const { mapResultRow } = drizzle as unknown as {
  mapResultRow(fields: SelectedFieldsOrdered, row: unknown[], joinsNotNullable: JoinsNotNullable): unknown
}

/** A row as an array of values in the order of the fields, made the object that the query's type promises. */
export function mapRow(fields: SelectedFieldsOrdered, row: unknown[], joinsNotNullable: JoinsNotNullable): unknown {
  return mapResultRow(fields, row, joinsNotNullable)
}
