import { WhereEvaluationError } from './where-evaluation-error.ts'

/** SQL's truth: NULL is "unknown". */
export type Truth = boolean | null

export const not = (a: Truth): Truth => (a === null ? null : !a)

/** False as soon as one is false, whatever the others are. */
export const allOf = <T>(items: Iterable<T>, test: (item: T) => Truth): Truth => untilFound(items, test, false)

/** True as soon as one is true, whatever the others are. */
export const anyOf = <T>(items: Iterable<T>, test: (item: T) => Truth): Truth => untilFound(items, test, true)

/**
 * Postgres chooses the order in which it looks at the parts, so one that fails counts only when no other decides: then
 * the row is answered whenever Postgres may answer it.
 */
function untilFound<T>(items: Iterable<T>, test: (item: T) => Truth, wanted: boolean): Truth {
  let result: Truth = !wanted
  let failure: WhereEvaluationError | undefined
  for (const item of items) {
    try {
      const truth = test(item)
      if (truth === wanted) return wanted
      if (truth === null) result = null
    } catch (error) {
      if (!(error instanceof WhereEvaluationError)) throw error
      failure ??= error
    }
  }
  if (failure) throw failure
  return result
}

/** `IS TRUE` and its siblings, by the parser's names: never unknown. */
export const TRUTH_TESTS: Record<string, (truth: Truth) => boolean> = {
  IS_TRUE: (truth) => truth === true,
  IS_NOT_TRUE: (truth) => truth !== true,
  IS_FALSE: (truth) => truth === false,
  IS_NOT_FALSE: (truth) => truth !== false,
  IS_UNKNOWN: (truth) => truth === null,
  IS_NOT_UNKNOWN: (truth) => truth !== null,
}
