import fc from 'fast-check'
import type { Weather } from './model-server.ts'
import type { Crash } from './turns.ts'

/** One write of a component: what it does depends on what is there. `row` and `body` are taken modulo what there is. */
export interface WritePlan {
  kind: 'insert' | 'update' | 'delete'
  row: number
  body: number
}

/** A page that reconciles, and where it is closed meanwhile. */
export interface PagePlan {
  page: number
  crash: Crash | null
}

/** A page writes while others are in the middle of reconciling. */
export interface BetweenPlan {
  atStep: number
  writes: WritePlan[]
}

export type Command =
  /** A transaction of a page; it reconciles afterwards, or is closed at once. */
  | { kind: 'write'; writes: WritePlan[]; page: PagePlan | null }
  /** Pages that reconcile at the same time, without the lock; `turns` says who goes on. */
  | { kind: 'reconcile'; pages: PagePlan[]; turns: number[]; between: BetweenPlan | null }
  | { kind: 'deliver'; page: number; weathers: Weather[] }
  /** The shape brings the next transactions. */
  | { kind: 'arrive'; transactions: number }
  /** The shape begins anew: one transaction takes all rows away and brings those that are there. */
  | { kind: 'refetch' }
  | { kind: 'edit-by-other'; row: number; body: number }
  | { kind: 'take-back'; page: number; entry: number }
  | { kind: 'keep-copy' }
  /** The database is as it was when the copy was kept, or empty: a disk that lost the last writes, or a rebuilt one. */
  | { kind: 'fall-back'; isEmpty: boolean }

const PAGES = 3
const small = fc.nat({ max: 7 })
const page = fc.nat({ max: PAGES - 1 })
const crash = fc.record({ step: fc.nat({ max: 9 }), isAfterEffect: fc.boolean() })
const plan = fc.record({ page, crash: fc.option(crash, { freq: 2 }) })
const write = fc.record({
  kind: fc.constantFrom<WritePlan['kind'][]>('insert', 'update', 'update', 'delete'),
  row: small,
  body: small,
})
const writes = fc.array(write, { minLength: 1, maxLength: 3 })
const weather = fc.constantFrom<Weather[]>('fine', 'fine', 'answer-lost', 'rejects', 'puts-off')

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('write'), writes, page: fc.option(plan, { freq: 3 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('reconcile'),
      pages: fc.uniqueArray(plan, { minLength: 1, maxLength: 2, selector: (one) => one.page }),
      turns: fc.array(fc.nat({ max: 1 }), { minLength: 1, maxLength: 30 }),
      between: fc.option(fc.record({ atStep: small, writes })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('deliver'),
      page,
      weathers: fc.array(weather, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('arrive'), transactions: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refetch') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit-by-other'), row: small, body: small }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take-back'), page, entry: small }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('keep-copy') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fall-back'), isEmpty: fc.boolean() }) },
) as fc.Arbitrary<Command>

export const commands: fc.Arbitrary<Command[]> = fc.array(command, { minLength: 3, maxLength: 16 })
export { PAGES }
