import type { NextConfig } from 'next'

const config: NextConfig = {
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
  serverExternalPackages: ['pg', 'pino'],
  poweredByHeader: false,
  reactStrictMode: true,
  // A 404 that is complete without JavaScript: a thrown notFound() is rendered by the browser only.
  experimental: { globalNotFound: true },
}

export default config
