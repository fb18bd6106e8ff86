import { chromiumLaunchOptions } from '@landfall/chromium'
import { defineConfig } from '@playwright/test'

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const DESKTOP = { viewport: { width: 1440, height: 900 } }

/** Takes pictures of the integrated product; it judges nothing, so it is apart from the journeys. */
export default defineConfig({
  testDir: './screenshots',
  globalSetup: './harness/global-setup.ts',
  outputDir: './screenshots/test-results/run',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    launchOptions: chromiumLaunchOptions(),
    deviceScaleFactor: 1,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  },
  projects: [
    { name: 'phone-light', use: { ...PHONE, colorScheme: 'light' } },
    { name: 'phone-dark', use: { ...PHONE, colorScheme: 'dark' } },
    { name: 'desktop-light', use: { ...DESKTOP, colorScheme: 'light' } },
    { name: 'desktop-dark', use: { ...DESKTOP, colorScheme: 'dark' } },
  ],
})
