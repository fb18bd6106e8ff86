import { freePort, isPortFree } from '@landfall/embedded-postgres'
import { expect, test } from 'vitest'
import { startWebServer } from './web-server.ts'

test('a site that is given up while it starts is ended before the start rejects', async () => {
  const port = await freePort()
  const abort = new AbortController()
  const start = startWebServer({ port, env: {}, signal: abort.signal })
  abort.abort(new Error('changed my mind'))
  await expect(start).rejects.toThrow('changed my mind')
  expect(await isPortFree(port)).toBe(true)
  await expect(startWebServer({ port, env: {}, signal: abort.signal })).rejects.toThrow('changed my mind')
})
