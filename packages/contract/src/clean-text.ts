/**
 * Postgres text holds no NUL, and a lone surrogate is no character: both are made harmless instead of refused.
 * (`String.prototype.toWellFormed` does the second half, but not yet in every browser that a visitor may have.)
 */
export function cleanText(value: string): string {
  return value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD')
}
