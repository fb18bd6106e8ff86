import { startWebServer } from '@landfall/dev-stack'
import { freePort } from '@landfall/embedded-postgres'
import { expect, test } from '@playwright/test'

test('a start without its environment stops and names every variable that is missing', async () => {
  const env = { DATABASE_URL: '', ELECTRIC_URL: '', BETTER_AUTH_SECRET: 'too short', APP_URL: 'http://app.localhost' }
  const start = startWebServer({ port: await freePort(), env })
  await expect(start).rejects.toThrow(/DATABASE_URL is missing.*ELECTRIC_URL is missing.*BETTER_AUTH_SECRET is wrong/s)
})
