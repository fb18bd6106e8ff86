/** Decisions that one seed makes: the same seed, the same plan. */
export interface SeededRandom {
  /** Whole, from `least` to `most`, both included. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** Some of them, in their order, at least one. */
  some<T>(from: readonly T[]): T[]
  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name
  /** Decisions of its own, that later decisions here do not change. */
  fork(): SeededRandom
}

/** Mulberry32; neighbouring seeds have nothing in common, which a plain congruential generator cannot say. */
export function seededRandom(seed: number): SeededRandom {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new RangeError('there is nothing to pick from')
    return from[between(0, from.length - 1)] as T
  }
  return {
    between,
    pick,
    chance: (probability) => next() < probability,
    some(from) {
      const chosen = from.filter(() => next() < 0.5)
      return chosen.length > 0 ? chosen : [pick(from)]
    },
    weighted(weights) {
      const entries = Object.entries<number>(weights)
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) {
        left -= weight
        if (left < 0) return name as keyof typeof weights
      }
      throw new RangeError('there is nothing to choose from')
    },
    fork: () => seededRandom(between(0, 2 ** 31)),
  }
}
