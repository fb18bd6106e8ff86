export function createNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return btoa(String.fromCharCode(...bytes))
}

/**
 * No script but ours: each page carries a nonce of its own, and what it loads inherits the trust.
 *
 * PGlite needs WebAssembly. Inline styles are React's `style` attributes (theme variables), so they are allowed.
 */
export function contentSecurityPolicy(nonce: string, options: { isDevelopment: boolean }): string {
  // React's development build evaluates code for its error overlays.
  const forDevelopment = options.isDevelopment ? " 'unsafe-eval'" : ''
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${forDevelopment}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${options.isDevelopment ? ' ws:' : ''}`,
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
}

/** What the local database's worker may do: run WebAssembly, load its own files, follow its shapes. */
export function workerSecurityPolicy(): string {
  return ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "connect-src 'self'"].join(
    '; ',
  )
}
