import type { EnquiryRow } from '@landfall/local-db'
import { expect, test } from 'vitest'
import { stepsOf } from './steps.ts'

const row = (progress: EnquiryRow['progress']): EnquiryRow => ({
  lead_id: 'l',
  label: 'Ask us',
  progress,
  captured_at: new Date(1),
  sent_at: new Date(2),
  received_at: new Date(3),
  status_changed_at: new Date(4),
  reason: null,
  attempts: 1,
  next_attempt_at: null,
  pending_changes: 0,
  changed_at: null,
})

test.each<[EnquiryRow['progress'], string]>([
  ['saved', 'saved:done sent:current received:todo reviewing:todo'],
  ['sending', 'saved:done sent:current received:todo reviewing:todo'],
  ['sent', 'saved:done sent:done received:current reviewing:todo'],
  ['received', 'saved:done sent:done received:done reviewing:current'],
  ['reviewing', 'saved:done sent:done received:done reviewing:current'],
  ['contacted', 'saved:done sent:done received:done contacted:current'],
  ['closed', 'saved:done sent:done received:done closed:done'],
  ['failed', 'saved:done failed:failed'],
  ['withdrawing', 'saved:done sent:done received:done withdrawing:current'],
  ['withdrawn', 'saved:done sent:done received:done withdrawn:done'],
])('the way of an enquiry that is %s', (progress, expected) => {
  expect(
    stepsOf(row(progress))
      .map((step) => `${step.name}:${step.state}`)
      .join(' '),
  ).toBe(expected)
})

test('a lead that was taken back before it was sent shows nothing that did not happen', () => {
  const steps = stepsOf({ ...row('withdrawing'), sent_at: null, received_at: null })
  expect(steps.map((step) => step.name)).toEqual(['saved', 'withdrawing'])
})
