import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

const LOCAL_DB_ASSETS = '/assets/local-db/:name'

/** Matches requests that take this content coding. */
const accepts = (coding: string) =>
  ({ type: 'header', key: 'accept-encoding', value: `(?:.*[, ])?${coding}(?:[,; ].*)?` }) as const

/** For an image: a server with no more than it needs (docs/DEPLOYMENT.md). Tracing what that is takes time. */
const standalone: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: fileURLToPath(new URL('../..', import.meta.url)),
}

const config: NextConfig = {
  ...(process.env.BUILD_STANDALONE === '1' ? standalone : {}),
  // Workspace packages are TypeScript sources.
  transpilePackages: [
    '@landfall/contract',
    '@landfall/database',
    '@landfall/ingest',
    '@landfall/lead-form',
    '@landfall/local-db',
    '@landfall/outbox',
    '@landfall/service-worker',
    '@landfall/shapes',
    '@landfall/ui',
  ],
  serverExternalPackages: ['pg', 'pino', 'prom-client'],
  poweredByHeader: false,
  // No page asks Next to scale pictures, so nobody else may either.
  images: { unoptimized: true },
  reactStrictMode: true,
  // A 404 that is complete without JavaScript: a thrown notFound() is rendered by the browser only.
  experimental: { globalNotFound: true },
  headers: async () => [
    // A route handler may choose the precompressed file, but Next drops the header that says so; it is said again here,
    // by the same rule.
    {
      source: LOCAL_DB_ASSETS,
      has: [accepts('br')],
      headers: [{ key: 'content-encoding', value: 'br' }],
    },
    {
      source: LOCAL_DB_ASSETS,
      has: [accepts('gzip')],
      missing: [accepts('br')],
      headers: [{ key: 'content-encoding', value: 'gzip' }],
    },
    {
      source: '/:path*',
      headers: [
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'referrer-policy', value: 'strict-origin-when-cross-origin' },
        { key: 'permissions-policy', value: 'camera=(), microphone=(), geolocation=(), browsing-topics=()' },
      ],
    },
  ],
}

export default config
