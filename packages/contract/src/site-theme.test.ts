import { expect, test } from 'vitest'
import { contrast } from './contrast.ts'
import { palette } from './site-theme.ts'

const readable = {
  canvas: '#ffffff',
  surface: '#f4f4f4',
  text: '#111111',
  muted: '#444444',
  accent: '#0a5c74',
  onAccent: '#ffffff',
  spot: '#ffee00',
}

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#767676', '#ffffff', 4.54],
])('contrast of %s and %s is %d', (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 1)
  expect(contrast(other, one)).toBeCloseTo(ratio, 1)
})

test('a palette that can be read is taken, whatever its spot colour', () => {
  expect(palette.safeParse(readable).success).toBe(true)
})

test.each([
  ['muted', '#999999', 'muted'],
  ['accent', '#ffd000', 'accent'],
  ['onAccent', '#0a5c00', 'onAccent'],
])('a palette whose %s cannot be read is refused there', (name, value, path) => {
  const result = palette.safeParse({ ...readable, [name]: value })
  expect(result.error?.issues.map((issue) => issue.path[0])).toContain(path)
})

test.each(['white', '#fff', '#FFFFFF', 'red;}body{'])('%j is not a colour', (value) => {
  expect(palette.safeParse({ ...readable, canvas: value }).success).toBe(false)
})
