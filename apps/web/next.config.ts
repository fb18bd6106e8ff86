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
}

export default config
