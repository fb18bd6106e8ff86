import { chromiumLaunchOptions } from '@landfall/chromium'
import { defineConfig, devices } from '@playwright/test'

export default defineConfig({
  testDir: './journeys',
  globalSetup: './harness/global-setup.ts',
  outputDir: './test-results',
  // One stack and its faults are shared, and the machine is small.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/results.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    launchOptions: chromiumLaunchOptions(),
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
