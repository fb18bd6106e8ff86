/** Texts by parameter, as clients get them with a 400; parameters of a subset nest. */
export type FieldErrors = { [field: string]: string[] | FieldErrors }

/** Parameters that cannot be answered; every one of them is named. */
export class InvalidRequestError extends Error {
  override name = 'InvalidRequestError'
  readonly errors: FieldErrors

  constructor(errors: FieldErrors) {
    super(`Invalid request: ${JSON.stringify(errors)}`)
    this.errors = errors
  }
}

/** The table is no longer as the definition says; it has to be made anew. */
export class DefinitionChangedError extends Error {
  override name = 'DefinitionChangedError'
}
