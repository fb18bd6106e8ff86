import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bringChromium } from './chromium.mjs'
import { main, openly, prepare, quietly, ROOT, say, step } from './environment.mjs'

// `npm test`: lint, types, unit, Postgres, browser and end-to-end tests, the short fault matrix, and how many passed.

const E2E_RESULTS = join(ROOT, 'e2e', 'test-results', 'results.json')

/** Adds up what every package's Vitest prints at its end: `Tests  2 failed | 40 passed | 1 skipped (43)`. */
function createCounter() {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
  const colours = /\u001b\[[0-9;]*m/g
  return {
    sum,
    read(line) {
      const plain = line.replace(colours, '')
      const tests = /\bTests {2,}(.*\(\d+\))/.exec(plain)?.[1]
      for (const kind of Object.keys(sum)) sum[kind] += Number(tests?.match(`(\\d+) ${kind}`)?.[1] ?? 0)
      say(line)
    },
    add(results) {
      sum.passed += results.expected
      sum.failed += results.unexpected + results.flaky
      sum.skipped += results.skipped
    },
  }
}

/** What Playwright wrote at its end. A run that broke off before wrote nothing, and counts as one failure. */
function readJourneys() {
  try {
    return JSON.parse(readFileSync(E2E_RESULTS, 'utf8')).stats
  } catch {
    say(`\nThe journeys broke off and left no results in ${E2E_RESULTS}: counted as 1 failed.`)
    return { expected: 0, unexpected: 1, flaky: 0, skipped: 0 }
  }
}

await main(async () => {
  say('Landfall: all tests\n')
  await prepare()
  await bringChromium()
  await step('Looking at format, lint and import directions', () => quietly('pnpm', ['exec', 'biome', 'ci', '.']))
  await step('Building', () => quietly('pnpm', ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only']))
  await step('Checking types', () =>
    quietly('pnpm', ['exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only']),
  )

  const counter = createCounter()
  say('\nUnit, Postgres and browser tests\n')
  // One package after the other: some start a Postgres or a browser, and the machine may be small.
  const unit = await openly(
    'pnpm',
    ['exec', 'turbo', 'run', 'test', '--filter=!@landfall/e2e', '--concurrency=1', '--log-order=stream', '--continue'],
    { onLine: (line) => counter.read(line) },
  )
  say('\nFaults, the short matrix\n')
  const faults = await openly('pnpm', ['faults', '--short'])
  counter.add({ expected: faults === 0 ? 1 : 0, unexpected: faults === 0 ? 0 : 1, flaky: 0, skipped: 0 })
  say('\nJourneys in a real browser\n')
  // Those of an earlier run must not pass for this one's.
  rmSync(E2E_RESULTS, { force: true })
  const journeys = await openly('pnpm', ['--filter', '@landfall/e2e', 'e2e'])
  counter.add(readJourneys())

  const { passed, failed, skipped } = counter.sum
  say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exit(unit === 0 && faults === 0 && journeys === 0 && failed === 0 ? 0 : 1)
})
