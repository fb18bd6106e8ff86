/**
 * The address as the driver needs it, so that `sslmode` means what it means everywhere else: `require` encrypts without
 * asking who the server is, `verify-ca` and `verify-full` ask. By itself the driver takes all of them for `verify-full`.
 */
export function withUsualSslModes(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined
  // Whoever writes `no-verify` or says himself how modes are to be read knows the driver.
  const mode = url?.searchParams.get('sslmode')
  if (!url || !mode || mode === 'no-verify' || url.searchParams.has('uselibpqcompat')) return databaseUrl
  if (mode === 'prefer' || mode === 'allow') throw new DatabaseUrlError(mode)
  url.searchParams.set('uselibpqcompat', 'true')
  return url.href
}

export class DatabaseUrlError extends Error {
  override name = 'DatabaseUrlError'

  constructor(mode: string) {
    super(
      `sslmode=${mode} leaves it to chance whether the connection is encrypted: say disable, require or verify-full instead`,
    )
  }
}
