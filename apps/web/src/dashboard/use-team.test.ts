import { expect, test } from 'vitest'
import { teamOf } from './use-team.ts'

const colleagues = [
  { userId: 'ann', displayName: 'Ann', role: 'owner' },
  { userId: 'bob', displayName: 'Bob', role: 'member' },
  { userId: 'eve', displayName: 'Eve', role: 'member,admin' },
]

test.each([
  ['ann', true],
  ['bob', false],
  ['eve', true],
  ['nobody', false],
])('whether %s looks after the workspace is %s', (userId, isAdministrator) => {
  expect(teamOf(userId, colleagues)).toMatchObject({ userId, isAdministrator })
})

test('somebody who has left has no name', () => {
  const { nameOf } = teamOf('ann', colleagues)
  expect([nameOf('bob'), nameOf('gone')]).toEqual(['Bob', undefined])
})
