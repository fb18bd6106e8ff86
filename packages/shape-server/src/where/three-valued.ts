/** SQL's truth: NULL is "unknown". */
export type Truth = boolean | null

export const not = (a: Truth): Truth => (a === null ? null : !a)

/** False as soon as one is false, whatever the others are. */
export function allOf<T>(items: Iterable<T>, test: (item: T) => Truth): Truth {
  let result: Truth = true
  for (const item of items) {
    const truth = test(item)
    if (truth === false) return false
    if (truth === null) result = null
  }
  return result
}

/** True as soon as one is true, whatever the others are. */
export function anyOf<T>(items: Iterable<T>, test: (item: T) => Truth): Truth {
  let result: Truth = false
  for (const item of items) {
    const truth = test(item)
    if (truth === true) return true
    if (truth === null) result = null
  }
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
