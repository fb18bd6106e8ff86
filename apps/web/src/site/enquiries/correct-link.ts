/** Query parameter that opens the form with a message that was not accepted. */
export const CORRECT_PARAMETER = 'correct'

export function correctHref(opId: string): string {
  return `/?${CORRECT_PARAMETER}=${encodeURIComponent(opId)}#contact`
}
