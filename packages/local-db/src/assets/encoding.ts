export type AssetEncoding = 'br' | 'gzip' | 'identity'

export const ENCODING_SUFFIX: Record<AssetEncoding, string> = { br: '.br', gzip: '.gz', identity: '' }

/** Best encoding that an `accept-encoding` header allows; what it names with `q=0` is refused. */
export function chooseEncoding(acceptEncoding: string | null): AssetEncoding {
  const accepted = new Set(
    (acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => part.split(';').map((piece) => piece.trim()))
      .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''))
      .map(([coding]) => coding),
  )
  if (accepted.has('br')) return 'br'
  if (accepted.has('gzip')) return 'gzip'
  return 'identity'
}
