import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['@landfall/embedded-postgres/vitest-global-setup'],
    // Not what a test should take, but what it may take beside others on a small machine.
    testTimeout: 60_000,
  },
})
