/** By how much the same is measured again, to see what grows with it. */
export const GROWTH = 10

/** What noise may add before it is called growth. */
export const TOLERANCE = 1.5

/** One thing measured at both sizes, as a cost: more is worse. */
export interface Grown {
  what: string
  base: number
  grown: number
  /** How much more there was to do. */
  work: 1 | typeof GROWTH
}

/** Whether the cost grew by more than the work, noise aside. */
export const isSuperlinear = ({ base, grown, work }: Grown): boolean => grown / base > work * TOLERANCE

/** Pairs what was found under the same name at both sizes. */
export function pair<Found>(
  base: ReadonlyMap<string, Found>,
  grown: ReadonlyMap<string, Found>,
  costOf: (found: Found) => number,
  work: Grown['work'],
): Grown[] {
  return [...base].flatMap(([what, found]) => {
    const later = grown.get(what)
    return later === undefined ? [] : [{ what, base: costOf(found), grown: costOf(later), work }]
  })
}
