import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SyncProgress } from '../../protocol/sync-progress.ts'
import { ProgressReport } from './progress-report.ts'

let told: (SyncProgress | null)[]
let report: ProgressReport

beforeEach(() => {
  vi.useFakeTimers({ now: 5_000 })
  told = []
  report = new ProgressReport((progress) => told.push(progress))
})
afterEach(() => {
  vi.useRealTimers()
})

it('tells at most four times a second, and then what there is', () => {
  report.begin()
  for (let step = 0; step < 100; step += 1) {
    report.add({ rows: 1, bytes: 10 })
    vi.advanceTimersByTime(10)
  }
  expect(told).toHaveLength(4)
  expect(told.at(-1)).toEqual({ rows: 100, bytes: 1_000, startedAtMs: 5_000 })
})

it('tells at once that it is over, and nothing after', () => {
  report.begin()
  report.add({ rows: 1 })
  report.end()
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual([null])
})

it('says nothing of a shape that is only followed', () => {
  report.add({ rows: 1, bytes: 1 })
  report.end()
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual([])
})
