/**
 * A clause that cannot be computed for a row, `1 / 0` for instance. Postgres would fail the whole query, so nobody can
 * say whether the row belongs to the shape. The message is that of Postgres.
 */
export class WhereEvaluationError extends Error {
  override name = 'WhereEvaluationError'
}
