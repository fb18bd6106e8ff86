/**
 * Postgres text holds no NUL, and a lone surrogate is no character: both are made harmless instead of refused.
 * (`String.prototype.toWellFormed` does the second half, but not yet in every browser that a visitor may have.)
 */
export function cleanText(value: string): string {
  return value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD')
}

/** No script puts so many on one letter. */
const TOO_MANY_MARKS = /\p{M}{64}/u

/**
 * Text in Unicode NFC. What piles marks on a letter without end stays as it is: putting them in order takes a time that
 * grows with their square, and 100 KB of them hold up everybody else for a quarter of a minute.
 */
export function composeText(value: string): string {
  return TOO_MANY_MARKS.test(value) ? value : value.normalize('NFC')
}
