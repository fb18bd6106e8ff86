/** The same numbers for the same seed, so that a failure can be run again. */
export function seededRandom(seed: number): { integer(below: number): number; chance(probability: number): boolean } {
  let state = seed >>> 0
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return { integer: (below) => Math.floor(next() * below), chance: (probability) => next() < probability }
}
