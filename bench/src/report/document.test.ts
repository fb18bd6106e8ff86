import { expect, test } from 'vitest'
import type { Circumstances } from './circumstances.ts'
import { layOutDocument } from './document.ts'
import type { Section } from './section.ts'

const on = (date: string): Circumstances => ({ date, machine: '2 × processor', versions: { Node: '24.0.0' } })
const section = (title: string, found: string, isMet = true): Section => ({
  title,
  method: 'How it was measured.',
  tables: [{ title: 'Time', columns: ['', 'p50'], rows: [['ours', found]] }],
  goals: [{ goal: 'fast', found, isMet }],
  remarks: [],
})

test('a run of a part replaces its sections and leaves the others as they were, dates included', () => {
  const first = layOutDocument('', on('2026-01-01'), [section('Submit', '1 ms'), section('Drain', '2 ms', false)])
  expect(first).toContain('Goals met: 1 of 2.')
  const second = layOutDocument(first, on('2026-02-02'), [section('Drain', '3 ms'), section('Sync', '4 ms')])
  expect(second.match(/^## .*/gm)).toEqual(['## Submit', '## Drain', '## Sync'])
  expect(second.match(/Measured on \S+/g)).toEqual([
    'Measured on 2026-01-01:',
    'Measured on 2026-02-02:',
    'Measured on 2026-02-02:',
  ])
  expect(second).toContain('Goals met: 3 of 3.')
  expect(second).not.toContain('2 ms')
  expect(layOutDocument(second, on('2026-02-02'), [])).toBe(second)
})
