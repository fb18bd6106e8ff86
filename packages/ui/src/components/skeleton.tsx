/** Stands where text will be; `inlineSize` is any CSS length. */
export function Skeleton({ inlineSize = '100%' }: { inlineSize?: string }) {
  return <span className="ui-skeleton" style={{ inlineSize }} aria-hidden="true" />
}
