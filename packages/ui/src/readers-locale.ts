/** The page's language as the reader's region writes it: a Briton reads English dates in the British way. */
export function readersLocale(
  language: string,
  preferred: readonly string[] = typeof navigator === 'undefined' ? [] : navigator.languages,
): string {
  return preferred.find((tag) => tag.startsWith(`${language}-`)) ?? language
}
