/** The sync metadata and the model don't fit together. The message names the entity, the column and what to do. */
export class LocalSchemaError extends Error {
  override name = 'LocalSchemaError'
}
