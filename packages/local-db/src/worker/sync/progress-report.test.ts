import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SyncProgress } from '../../protocol/sync-progress.ts'
import { countBytes, ProgressReport } from './progress-report.ts'

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

it('counts an answer as it comes, and leaves it as it is', async () => {
  let bytes = 0
  const answer = countBytes(new Response('grüße', { status: 409, headers: { 'electric-handle': 'h' } }), (more) => {
    bytes += more
  })
  expect(await answer.text()).toBe('grüße')
  expect([answer.status, answer.headers.get('electric-handle'), bytes]).toEqual([409, 'h', 7])
  expect(countBytes(new Response(null, { status: 304 }), () => {}).status).toBe(304)
})
