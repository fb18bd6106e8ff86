import type { LeadStatus } from '@landfall/contract'
import { expect, test } from 'vitest'
import { countViews } from './lead-filter.ts'

test('every lead is counted in one view, and new ones twice', () => {
  const byStatus = new Map<LeadStatus, number>([
    ['new', 3],
    ['contacted', 2],
    ['won', 1],
    ['spam', 4],
    ['withdrawn', 5],
  ])
  expect(countViews(byStatus)).toEqual({ leads: 6, spam: 4, withdrawn: 5, fresh: 3 })
})
