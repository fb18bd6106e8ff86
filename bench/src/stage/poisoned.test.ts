import { expect, test } from 'vitest'
import { sampleLeads } from '../sample/lead.ts'
import { poisoned } from './poisoned.ts'

test.each(['refused by the form', 'refused by the database'] as const)('exactly one operation is %s', (poison) => {
  const clean = sampleLeads(5)
  const changed = poisoned(clean, poison).filter((operation, index) => operation !== clean[index])
  expect(changed).toHaveLength(1)
  expect(changed[0]).toMatchObject({ opId: clean[2]?.opId, entityId: clean[2]?.entityId })
  expect(changed[0]?.payload).not.toEqual(clean[2]?.payload)
})

test('a clean batch stays as it is', () => {
  const clean = sampleLeads(3)
  expect(poisoned(clean, 'none')).toEqual(clean)
})
