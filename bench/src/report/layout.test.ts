import { expect, test } from 'vitest'
import { layOutSection } from './layout.ts'

test('lays a section out with its numbers below each other and its missed goals in sight', () => {
  const text = layOutSection({
    title: 'Submit',
    method: 'How.',
    tables: [
      {
        title: 'Times',
        columns: ['', 'p50'],
        rows: [
          ['raw put', '0.7 ms'],
          ['ours', '12 ms'],
        ],
      },
    ],
    goals: [
      { goal: 'at most 3×', found: '17×', isMet: false },
      { goal: 'at all', found: 'yes', isMet: true },
    ],
    remarks: ['It rained.'],
  })
  expect(text).toBe(`## Submit

How.

**Times**

|         |    p50 |
| ------- | -----: |
| raw put | 0.7 ms |
| ours    |  12 ms |

- **Missed**: at most 3×. Found: 17×.
- Met: at all. Found: yes.

- It rained.`)
})
