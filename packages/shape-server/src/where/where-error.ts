/** A where clause that is refused; the message goes to whoever asked. */
export class WhereError extends Error {
  override name = 'WhereError'
}
