import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['@landfall/embedded-postgres/vitest-global-setup', 'src/testing/build-once.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each browser holds a Postgres; two at once would measure the machine.
    fileParallelism: false,
  },
})
