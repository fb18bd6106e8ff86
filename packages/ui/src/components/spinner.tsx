/** Decorative: the text beside it, or a live region, says what is being waited for. */
export function Spinner() {
  return <span className="ui-spinner" aria-hidden="true" />
}
