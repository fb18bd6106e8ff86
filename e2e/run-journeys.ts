import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { EXTERNAL_MARK, readExternalSettings } from './harness/external/settings.ts'

// `pnpm e2e`: the journeys, with Playwright's own arguments behind ours.

const USAGE = `pnpm e2e [--external [--replace-demo]] [what Playwright takes]

  --external      against the Postgres and the Electric of DATABASE_URL, DATABASE_OWNER_URL, ELECTRIC_URL and
                  ELECTRIC_SECRET. The journeys make the demo's tenants there, write and delete, and take them away
                  again: give them a database that holds nothing else.
  --replace-demo  deletes tenants of that name that are there already`

const given = process.argv.slice(2).filter((argument) => argument !== '--')
const isExternal = given.includes('--external')
const rest = given.filter((argument) => argument !== '--external' && argument !== '--replace-demo')
if (given.includes('--help')) {
  console.log(USAGE)
  process.exit(0)
}
if (isExternal) {
  process.env[EXTERNAL_MARK] = '1'
  if (given.includes('--replace-demo')) process.env.LANDFALL_E2E_REPLACE_DEMO = '1'
  try {
    readExternalSettings(process.env)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    process.exit(2)
  }
}
const cli = createRequire(import.meta.url).resolve('@playwright/test/cli')
const child = spawn(process.execPath, [cli, 'test', ...rest], { stdio: 'inherit' })
// Playwright hears Ctrl-C by itself, and puts the stack away; we stay until it has.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.once('exit', (code) => process.exit(code ?? 1))
