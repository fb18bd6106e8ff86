import { times } from '../../report/number.ts'
import type { Table } from '../../report/section.ts'
import { GROWTH, type Grown } from '../grown.ts'

/** Something measured at several sizes. */
export interface GrowthTable {
  table: Table
  /** What is held against the growth of its work. */
  grown: Grown[]
}

/** One row a size, and how much more the last one costs than the first. */
export interface Sized {
  size: number
  /** By name of the column. */
  costs: Record<string, { cost: number; text: string }>
}

/** `work` says which costs may grow with the size; all others must stay as they are. */
export function growthTable(title: string, sized: readonly Sized[], work: readonly string[]): GrowthTable {
  const names = Object.keys(sized[0]?.costs ?? {})
  const steps = sized.slice(1).map((later, index) => ({ earlier: sized[index], later }))
  const grown = steps.flatMap(({ earlier, later }) =>
    names.map(
      (name): Grown => ({
        what: `${title}: ${name} at ${later.size.toLocaleString('en')}`,
        base: earlier?.costs[name]?.cost ?? Number.NaN,
        grown: later.costs[name]?.cost ?? Number.NaN,
        // To a step that is smaller than tenfold, too much is allowed by that.
        work: work.includes(name) ? GROWTH : 1,
      }),
    ),
  )
  const [first, last] = [sized[0], sized.at(-1)]
  const ratio = (name: string) => (last?.costs[name]?.cost ?? Number.NaN) / (first?.costs[name]?.cost ?? Number.NaN)
  return {
    table: {
      title,
      columns: ['', ...names],
      rows: [
        ...sized.map(({ size, costs }) => [size.toLocaleString('en'), ...names.map((name) => costs[name]?.text ?? '')]),
        [
          `${times((last?.size ?? Number.NaN) / (first?.size ?? Number.NaN))} the size`,
          ...names.map((name) => times(ratio(name))),
        ],
      ],
    },
    grown,
  }
}
