import { existsSync } from 'node:fs'
import { BootstrapError, has, quietly, step } from './environment.mjs'

// The same list as in tooling/chromium, which cannot be loaded before packages are installed.
const SYSTEM_CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Installs a Chromium for the browser tests when there is none: Debian's package as root, else Playwright's own. */
export async function bringChromium() {
  const { CHROMIUM_PATH } = process.env
  if (CHROMIUM_PATH) {
    if (existsSync(CHROMIUM_PATH)) return
    throw new BootstrapError(`CHROMIUM_PATH names ${CHROMIUM_PATH}, and there is nothing.`)
  }
  if (SYSTEM_CHROMIUM.some((path) => existsSync(path))) return
  if (process.getuid?.() === 0 && has('apt-get')) {
    await step('Installing Chromium', async () => {
      await quietly('apt-get', ['update', '-qq'])
      await quietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
    })
    return
  }
  // Resolved inside the package that has Playwright; a browser that is there already is not fetched again.
  await step('Installing a browser for the tests', () =>
    quietly('pnpm', ['--filter', '@landfall/e2e', 'exec', 'playwright', 'install', 'chromium']),
  )
}
