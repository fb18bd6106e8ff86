import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FieldValue, type LeadEdit, type LeadField, type LeadState, resolveLeadEdit } from './resolve-lead-edit.ts'

const lead: LeadState = { status: 'new', values: { name: 'Ada', message: 'Hello' }, version: 1, fieldEdits: {} }
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))

function edit(changes: Partial<Record<LeadField, FieldValue>>, more: Partial<LeadEdit> = {}): LeadEdit {
  return {
    baseVersion: 1,
    changes: new Map(Object.entries(changes)) as LeadEdit['changes'],
    editedAt: at(10),
    opId: 'op-1',
    by: 'member',
    deviceId: 'device-1',
    ...more,
  }
}

const apply = (state: LeadState, ...edits: LeadEdit[]) =>
  edits.reduce((before, next) => resolveLeadEdit(before, next).next, state)

describe('edits of a lead', () => {
  test('of different fields merge', () => {
    const first = apply(lead, edit({ status: 'won' }))
    const second = resolveLeadEdit(first, edit({ 'values.name': 'Eve' }, { opId: 'op-2', deviceId: 'device-2' }))
    expect(second.conflicts.size).toBe(0)
    expect(second.next).toMatchObject({ status: 'won', values: { name: 'Eve', message: 'Hello' }, version: 3 })
  })

  test('that say the same are no conflict', () => {
    const first = apply(lead, edit({ status: 'won' }))
    const second = resolveLeadEdit(first, edit({ status: 'won' }, { opId: 'op-2', deviceId: 'device-2' }))
    expect(second.conflicts.size).toBe(0)
    expect(second.changed.size).toBe(0)
    expect(second.next.version).toBe(3)
  })

  test('that repeat a value take it from nobody who has seen it', () => {
    const first = apply(lead, edit({ status: 'won' }))
    const repeated = apply(first, edit({ status: 'won' }, { opId: 'op-2', deviceId: 'device-2', editedAt: at(20) }))
    const seen = edit({ status: 'lost' }, { opId: 'op-3', deviceId: 'device-3', baseVersion: 2, editedAt: at(15) })
    const { next, conflicts } = resolveLeadEdit(repeated, seen)
    expect(next.status).toBe('lost')
    expect(conflicts.size).toBe(0)
  })

  test.each([
    ['later', at(11), { kept: 'lost', lost: 'won' }, 'lost'],
    ['earlier', at(9), { kept: 'won', lost: 'lost' }, 'won'],
  ])('of the same field: one made %s than the one that stands', (_, editedAt, values, status) => {
    const first = apply(lead, edit({ status: 'won' }))
    const other = edit({ status: 'lost' }, { opId: 'op-2', deviceId: 'device-2', editedAt })
    const { conflicts, next } = resolveLeadEdit(first, other)
    expect(Object.fromEntries(conflicts)).toEqual({ status: values })
    expect(next).toMatchObject({ status, version: 3 })
  })

  test('of the same field at the same moment: the greater operation id stands', () => {
    const first = apply(lead, edit({ status: 'won' }, { opId: 'op-5' }))
    const greater = edit({ status: 'lost' }, { opId: 'op-6', deviceId: 'device-2' })
    const smaller = edit({ status: 'lost' }, { opId: 'op-4', deviceId: 'device-2' })
    expect(resolveLeadEdit(first, greater).next.status).toBe('lost')
    expect(resolveLeadEdit(first, smaller).next.status).toBe('won')
  })

  test('made knowing the other one win, also by a clock that is behind', () => {
    const first = apply(lead, edit({ status: 'won' }))
    const knowing = edit({ status: 'lost' }, { opId: 'op-2', deviceId: 'device-2', editedAt: at(1), baseVersion: 2 })
    const { conflicts, next } = resolveLeadEdit(first, knowing)
    expect(conflicts.size).toBe(0)
    expect(next.status).toBe('lost')
    // Somebody who knew of neither wrote between the two clocks: what was known to be replaced stays replaced.
    const between = edit({ status: 'spam' }, { opId: 'op-0', deviceId: 'device-3', editedAt: at(5) })
    expect(resolveLeadEdit(next, between).next.status).toBe('lost')
  })

  test('of one device, one after the other, are no conflict', () => {
    const first = apply(lead, edit({ status: 'reviewing' }))
    const second = resolveLeadEdit(first, edit({ status: 'won' }, { opId: 'op-2', editedAt: at(11) }))
    expect(second.conflicts.size).toBe(0)
    expect(second.next.status).toBe('won')
  })

  test('of one device that arrive the wrong way round do not undo the later one', () => {
    const later = apply(lead, edit({ status: 'won' }, { opId: 'op-2', editedAt: at(11) }))
    const { next, conflicts } = resolveLeadEdit(later, edit({ status: 'reviewing' }))
    expect(next.status).toBe('won')
    expect(conflicts.get('status')).toEqual({ kept: 'won', lost: 'reviewing' })
  })

  test('take a field away, and give it back', () => {
    const gone = apply(lead, edit({ 'values.message': undefined }))
    expect(gone.values).toEqual({ name: 'Ada' })
    const back = apply(gone, edit({ 'values.message': 'Hello' }, { opId: 'op-2', baseVersion: 2 }))
    expect(back.values).toEqual({ name: 'Ada', message: 'Hello' })
  })
})

describe('edits that knew nothing of one another', () => {
  const fields: LeadField[] = ['status', 'values.name', 'values.message']
  const change = fc.record(
    {
      status: fc.constantFrom('reviewing', 'won', 'lost'),
      'values.name': fc.constantFrom('A', 'B', undefined),
      'values.message': fc.constantFrom('x', 'y', undefined),
    },
    { requiredKeys: [] },
  )
  const edits = fc
    .array(fc.tuple(change, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((many) =>
      many.map(([changes, second, device], index) =>
        edit(changes, { editedAt: at(second), opId: `op-${index}`, deviceId: `device-${device}` }),
      ),
    )
  const shuffled = edits.chain((many) =>
    fc.tuple(fc.constant(many), fc.shuffledSubarray(many, { minLength: many.length })),
  )

  test('end alike in whatever order they arrive', () => {
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const a = apply(lead, ...one)
        const b = apply(lead, ...other)
        expect({ status: a.status, values: a.values }).toEqual({ status: b.status, values: b.values })
      }),
      { numRuns: 500 },
    )
  })

  test('leave the latest value of every field, and lose none without saying so', () => {
    fc.assert(
      fc.property(edits, (many) => {
        let state = lead
        for (const next of many) {
          const before = state
          const { next: after, changed, conflicts } = resolveLeadEdit(before, next)
          for (const [field, value] of next.changes) {
            const stands = field === 'status' ? after.status : after.values[field.slice(7)]
            // Written, there already, or told as lost.
            expect(stands === value || conflicts.get(field)?.lost === value).toBe(true)
            if (conflicts.has(field)) expect(conflicts.get(field)?.kept).toBe(stands)
          }
          for (const field of fields) {
            if (!next.changes.has(field)) expect(after.fieldEdits[field]).toEqual(before.fieldEdits[field])
          }
          expect([...changed.keys()].every((field) => next.changes.has(field))).toBe(true)
          expect(after.version).toBe(before.version + 1)
          state = after
        }
        for (const field of fields) {
          const writes = many.filter((entry) => entry.changes.has(field))
          const last = writes.reduce<LeadEdit | undefined>(
            (best, entry) =>
              best && (best.editedAt > entry.editedAt || (best.editedAt >= entry.editedAt && best.opId > entry.opId))
                ? best
                : entry,
            undefined,
          )
          if (!last) continue
          expect(field === 'status' ? state.status : state.values[field.slice(7)]).toBe(last.changes.get(field))
        }
      }),
      { numRuns: 500 },
    )
  })
})
