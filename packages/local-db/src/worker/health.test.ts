import { expect, test } from 'vitest'
import { GOOD_HEALTH, healthAfterRebuild, parseHealth, RebuildLimitError } from './health.ts'

const NOW = Date.UTC(2026, 0, 1)

test('a third rebuild in a row is refused, and allowed again an hour later', () => {
  const first = healthAfterRebuild(GOOD_HEALTH, 'broken', NOW)
  const second = healthAfterRebuild(first, 'broken', NOW + 1_000)
  expect(() => healthAfterRebuild(second, 'broken', NOW + 2_000)).toThrow(RebuildLimitError)
  expect(healthAfterRebuild(second, 'broken', NOW + 3_700_000)).toMatchObject({ rebuilds: 1 })
})

test('a clock that was put back does not keep a device without its database', () => {
  const second = { ...GOOD_HEALTH, rebuilds: 2, rebuiltAtMs: NOW }
  expect(healthAfterRebuild(second, 'broken', NOW - 86_400_000)).toMatchObject({ rebuilds: 1 })
})

test('a record that can’t be read counts as none', () => {
  for (const text of [null, '', '{', '[]', '{"rebuilds":"two"}']) expect(parseHealth(text)).toEqual(GOOD_HEALTH)
})
