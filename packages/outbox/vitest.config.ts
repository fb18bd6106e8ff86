import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // The browser tests start Chromium.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
