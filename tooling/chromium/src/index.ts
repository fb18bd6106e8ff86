import { existsSync } from 'node:fs'
import { env } from 'node:process'

/** Where systems keep the Chromium that tests may use; first found wins. */
const SYSTEM_CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Path of the system's Chromium, or undefined to let Playwright take the browser that it installed itself. */
export function chromiumPath(): string | undefined {
  return env.CHROMIUM_PATH || SYSTEM_CHROMIUM.find((path) => existsSync(path))
}

/** Launch options for Playwright: no sandbox (root in containers has none) and no traffic of the browser's own. */
export function chromiumLaunchOptions(): { executablePath?: string; args: string[] } {
  const executablePath = chromiumPath()
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  }
}
