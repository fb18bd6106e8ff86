import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['@landfall/embedded-postgres/vitest-global-setup'],
    testTimeout: 20_000,
  },
})
