import { afterEach } from 'vitest'

/** Run after the test, the last added first. */
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const run of cleanUps.splice(0).reverse()) await run()
})

export const cleanUp = (run: () => Promise<unknown>) => cleanUps.push(run)
