import { expect, test } from 'vitest'
import { decideResumption, type ResumptionFacts } from './resumption.ts'
import { forkOfTimeline } from './timeline-history.ts'

const FACTS: ResumptionFacts = {
  identity: { systemIdentifier: '7', databaseOid: 5, slotName: 'slot', timeline: 1 },
  from: 100n,
  server: { systemIdentifier: '7', databaseOid: 5, timeline: 1, walEnd: 200n },
  slotName: 'slot',
  slot: { kind: 'free', acknowledged: 90n },
  forkedAt: undefined,
  hasPublication: true,
}

const { server } = FACTS

test.each<[string, Partial<ResumptionFacts>]>([
  ['acknowledged all or less of what was taken over', {}],
  ['acknowledged exactly what was taken over', { slot: { kind: 'free', acknowledged: 100n } }],
  ['is on a new timeline that began behind our position', { server: { ...server, timeline: 2 }, forkedAt: 100n }],
])('goes on when the server %s', (_, facts) => {
  expect(decideResumption({ ...FACTS, ...facts })).toEqual({ kind: 'resume' })
})

test.each<[string, Partial<ResumptionFacts>]>([
  ['nothing was kept', { identity: undefined }],
  ['it is another cluster', { server: { ...server, systemIdentifier: '8' } }],
  ['it is another database', { server: { ...server, databaseOid: 6 } }],
  ['the slot has another name', { slotName: 'other' }],
  ['the slot is gone', { slot: { kind: 'absent' } }],
  ['the slot is of no use', { slot: { kind: 'unusable', reason: 'lost' } }],
  ['the slot was acknowledged further', { slot: { kind: 'free', acknowledged: 101n } }],
  ['the publication is gone', { hasPublication: false }],
  ['the log ends before our position', { server: { ...server, walEnd: 99n } }],
  ['the cluster left our timeline before our position', { server: { ...server, timeline: 2 }, forkedAt: 99n }],
  ['the cluster never was on our timeline', { server: { ...server, timeline: 2 } }],
])('starts over when %s', (_, facts) => {
  expect(decideResumption({ ...FACTS, ...facts }).kind).toBe('start-over')
})

test('waits for a slot that is in use, whatever else is the matter', () => {
  const slot = { kind: 'in-use', processId: 9 } as const
  expect(decideResumption({ ...FACTS, slot, identity: undefined })).toEqual({ kind: 'wait', processId: 9 })
})

test('reads from a history file where a timeline was left', () => {
  const history = '# comment\n1\t0/5000000\tbefore 2026-01-01\n\n2\t1/A0\tno recovery target specified\n'
  expect(forkOfTimeline(history, 1)).toBe(0x500_0000n)
  expect(forkOfTimeline(history, 2)).toBe(0x1_0000_00a0n)
  expect(forkOfTimeline(history, 3)).toBeUndefined()
})
