import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareOrder, headsOfRows, type Orderable } from './row-order.ts'

type Kind = Orderable['state']['kind']

/** Writes as calls of `enqueue` make them: a call is one write, or a group that stands together. */
const calls = fc.array(
  fc.record({
    isGroup: fc.boolean(),
    writes: fc.array(fc.record({ row: fc.integer({ min: 0, max: 3 }), isDead: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  { maxLength: 12 },
)
type Calls = typeof calls extends fc.Arbitrary<infer T> ? T : never

function entriesOf(given: Calls, deadAs: Kind): Orderable[] {
  let seq = 0
  return given.flatMap(({ isGroup, writes }, call) =>
    (isGroup ? writes : writes.slice(0, 1)).map(({ row, isDead }): Orderable => {
      seq += 1
      const groupId = isGroup ? `group ${call}` : null
      const kind = isDead ? deadAs : seq % 2 === 0 ? 'queued' : 'sending'
      return { opId: `op ${seq}`, groupId, entity: 'lead', entityId: `row ${row}`, seq, state: { kind } }
    }),
  )
}

const isBefore = (a: Orderable, b: Orderable) => a.entityId === b.entityId && compareOrder(a, b) < 0

describe('what may go next', () => {
  test('stands behind nothing of its row that is not settled, but for its own group', () => {
    fc.assert(
      fc.property(calls, (given) => {
        const entries = entriesOf(given, 'dead')
        for (const unit of headsOfRows(entries)) {
          for (const entry of unit) {
            const ahead = entries.filter((other) => isBefore(other, entry) && !unit.includes(other))
            expect(ahead).toEqual([])
          }
        }
      }),
    )
  })

  test('is never two units of one row, and no group is torn', () => {
    fc.assert(
      fc.property(calls, (given) => {
        const entries = entriesOf(given, 'dead')
        const units = [...headsOfRows(entries)]
        const rows = units.flatMap((unit) => [...new Set(unit.map(({ entityId }) => entityId))])
        expect(new Set(rows).size).toBe(rows.length)
        for (const unit of units) {
          const { groupId } = unit[0] as Orderable
          if (groupId === null) expect(unit).toHaveLength(1)
          else expect(unit).toEqual(entries.filter((one) => one.groupId === groupId && one.state.kind !== 'dead'))
        }
      }),
    )
  })

  test('is never nothing while no letter is dead, so that every queue ends', () => {
    fc.assert(
      fc.property(calls, (given) => {
        let entries = entriesOf(given, 'queued')
        const sentOfRow = new Map<string, number>()
        while (entries.length > 0) {
          const units = [...headsOfRows(entries)]
          expect(units.length).toBeGreaterThan(0)
          for (const { entityId, seq } of units.flat()) {
            expect(seq).toBeGreaterThan(sentOfRow.get(entityId) ?? 0)
            sentOfRow.set(entityId, seq)
          }
          const sent = new Set(units.flat())
          entries = entries.filter((entry) => !sent.has(entry))
        }
      }),
    )
  })
})

test('the order is that of writing, also when the clock was put back in between', () => {
  const first = { seq: 1, opId: 'ffff' }
  const second = { seq: 2, opId: '0000' }
  expect([second, first].sort(compareOrder)).toEqual([first, second])
})
