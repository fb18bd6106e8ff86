import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startWebServer } from '@landfall/dev-stack'
import { freePort } from '@landfall/embedded-postgres'
import { expect, test } from '@playwright/test'

const RUN_JOURNEYS = fileURLToPath(new URL('../run-journeys.ts', import.meta.url))

test('a start without its environment stops and names every variable that is missing', async () => {
  const env = { DATABASE_URL: '', ELECTRIC_URL: '', BETTER_AUTH_SECRET: 'too short', APP_URL: 'http://app.localhost' }
  const start = startWebServer({ port: await freePort(), env })
  await expect(start).rejects.toThrow(/DATABASE_URL is missing.*ELECTRIC_URL is missing.*BETTER_AUTH_SECRET is wrong/s)
})

test('journeys against somebody’s database name every variable that they lack, and start nothing', async () => {
  const { DATABASE_URL: _, DATABASE_OWNER_URL: __, ...rest } = process.env
  const env = { ...rest, DATABASE_URL: 'mysql://root@127.0.0.1/x', ELECTRIC_URL: '' }
  const run = promisify(execFile)(process.execPath, ['--disable-warning=DEP0204', RUN_JOURNEYS, '--external'], { env })
  const refusal = await run.catch((error: { code: number; stderr: string }) => error)
  expect(refusal).toMatchObject({ code: 2 })
  expect(refusal.stderr).toMatch(/DATABASE_URL is wrong.*DATABASE_OWNER_URL is missing.*ELECTRIC_URL is missing/s)
  expect(refusal.stderr).not.toContain('root@')
})
