import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['@landfall/embedded-postgres/vitest-global-setup'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Roles belong to the whole cluster: two files that migrate at once would change the same rows of pg_authid.
    fileParallelism: false,
  },
})
