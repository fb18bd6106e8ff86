import type { Cast, Routine, SqlCatalog } from './sql-catalog.ts'

/** The type of a literal in quotes until something beside it decides. */
export const UNKNOWN = 'unknown'

const ANY_ARRAY = new Set(['anyarray', 'anycompatiblearray'])
const ANY_ELEMENT = new Set(['anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray', 'any'])

/**
 * Which operator, function or cast Postgres takes for operands of these types: the rules of its manual's chapter on
 * type conversion, over the contents of its own catalog. Types are named by their ids.
 */
export class TypeConversion {
  readonly catalog: SqlCatalog
  readonly #casts: Map<string, Cast>

  constructor(catalog: SqlCatalog) {
    this.catalog = catalog
    this.#casts = new Map(catalog.casts.map((cast) => [`${cast.source} ${cast.target}`, cast]))
  }

  cast(source: string, target: string): Cast | undefined {
    return this.#casts.get(`${source} ${target}`)
  }

  category(type: string): string {
    if (type === UNKNOWN) return 'X'
    if (isArray(type)) return 'A'
    if (type.startsWith('enum ')) return 'E'
    return this.catalog.types[type]?.category ?? 'U'
  }

  isPreferred(type: string): boolean {
    return this.catalog.types[type]?.isPreferred ?? false
  }

  /** Whether a value of this type becomes one of the other by itself. */
  isImplicit(source: string, target: string): boolean {
    if (source === target || source === UNKNOWN) return true
    if (ANY_ARRAY.has(target)) return isArray(source)
    if (target === 'anynonarray' || target === 'anycompatiblenonarray') return !isArray(source)
    if (target === 'anyenum') return source.startsWith('enum ')
    if (ANY_ELEMENT.has(target)) return true
    if (isArray(source) && isArray(target)) return this.isImplicit(source.slice(1), target.slice(1))
    return this.cast(source, target)?.context === 'i'
  }

  /** Undefined when there is none, or no best one. */
  operator(name: string, args: readonly string[]): Routine | undefined {
    const candidates = (this.catalog.operators[name] ?? []).filter((routine) => routine.args.length === args.length)
    const [left = UNKNOWN, right = left] = args
    // A literal beside something known is first tried as one of the same type.
    const assumed = args.length === 2 ? [left === UNKNOWN ? right : left, right === UNKNOWN ? left : right] : [left]
    return candidates.find((routine) => isSame(routine.args, assumed)) ?? this.#best(candidates, args)
  }

  /** Undefined when there is none, or no best one. */
  function(name: string, args: readonly string[]): Routine | undefined {
    const candidates = (this.catalog.functions[name] ?? []).filter((routine) => routine.args.length === args.length)
    return candidates.find((routine) => isSame(routine.args, args)) ?? this.#best(candidates, args)
  }

  /** What COALESCE, CASE, IN, ARRAY and the like make of their parts; undefined when they do not go together. */
  commonType(types: readonly string[]): string | undefined {
    const [first, ...others] = types.filter((type) => type !== UNKNOWN)
    let chosen = first ?? 'text'
    for (const type of others) {
      if (type === chosen) continue
      if (this.category(type) !== this.category(chosen)) return undefined
      if (!this.isPreferred(chosen) && this.isImplicit(chosen, type) && !this.isImplicit(type, chosen)) chosen = type
    }
    return types.every((type) => this.isImplicit(type, chosen)) ? chosen : undefined
  }

  #best(all: readonly Routine[], args: readonly string[]): Routine | undefined {
    let candidates = all.filter((routine) => routine.args.every((target, i) => this.isImplicit(args[i] ?? '', target)))
    candidates = candidates.filter((routine) => this.#isConsistent(routine, args))
    if (candidates.length <= 1) return candidates[0]
    const known = args.flatMap((type, index) => (type === UNKNOWN ? [] : [{ type, index }]))
    candidates = most(candidates, (routine) => known.filter(({ type, index }) => routine.args[index] === type).length)
    if (candidates.length === 1) return candidates[0]
    candidates = most(
      candidates,
      (routine) =>
        known.filter(({ type, index }) => {
          const target = routine.args[index] ?? ''
          return target === type || (this.category(target) === this.category(type) && this.isPreferred(target))
        }).length,
    )
    if (candidates.length === 1 || known.length === args.length)
      return candidates.length === 1 ? candidates[0] : undefined
    candidates = this.#byCategory(candidates, args)
    if (candidates.length === 1) return candidates[0]
    const [sample] = known
    if (!sample || known.some(({ type }) => type !== sample.type)) return undefined
    const assumed = args.map(() => sample.type)
    const sameType = candidates.filter(
      (routine) =>
        routine.args.every((target) => this.isImplicit(sample.type, target)) && this.#isConsistent(routine, assumed),
    )
    return sameType.length === 1 ? sameType[0] : undefined
  }

  /** Literals lean towards text, otherwise towards the one category that all candidates have there. */
  #byCategory(candidates: Routine[], args: readonly string[]): Routine[] {
    const rules = args.flatMap((type, index) => {
      if (type !== UNKNOWN) return []
      const categories = new Set(candidates.map((routine) => this.category(routine.args[index] ?? '')))
      const category = categories.has('S') ? 'S' : categories.size === 1 ? [...categories][0] : undefined
      const isOf = (routine: Routine) => this.category(routine.args[index] ?? '') === category
      const isPreferred = (routine: Routine) => this.isPreferred(routine.args[index] ?? '')
      const wantsPreferred = candidates.some((routine) => isOf(routine) && isPreferred(routine))
      return [{ category, fits: (routine: Routine) => isOf(routine) && (!wantsPreferred || isPreferred(routine)) }]
    })
    if (rules.some(({ category }) => category === undefined)) return candidates
    const fitting = candidates.filter((routine) => rules.every(({ fits }) => fits(routine)))
    return fitting.length > 0 ? fitting : candidates
  }

  /** Places that say "any" must agree about what: `anyelement` and `anyarray` beside each other, for instance. */
  #isConsistent(routine: Routine, args: readonly string[]): boolean {
    return this.polymorphicElement(routine, args) !== false
  }

  /**
   * What "any" stands for in a call: the id of the element's type, null when the routine says it nowhere, false when
   * the arguments do not agree.
   */
  polymorphicElement(routine: Routine, args: readonly string[]): string | null | false {
    const elements: string[] = []
    let isCompatible = false
    for (const [index, target] of routine.args.entries()) {
      const type = args[index] ?? UNKNOWN
      const isArrayPlace = ANY_ARRAY.has(target)
      if (!isArrayPlace && !ANY_ELEMENT.has(target) && target !== 'anyenum') continue
      if (target.startsWith('anycompatible')) isCompatible = true
      if (type !== UNKNOWN) elements.push(isArrayPlace ? type.slice(1) : type)
    }
    const [first] = elements
    if (first === undefined) return routine.args.some((target) => target.startsWith('any')) ? false : null
    if (elements.every((type) => type === first)) return first
    return isCompatible ? (this.commonType(elements) ?? false) : false
  }
}

export const isArray = (type: string) => type.startsWith('_')

const isSame = (a: readonly string[], b: readonly string[]) => a.every((type, index) => type === b[index])

function most<T>(items: T[], count: (item: T) => number): T[] {
  const counts = items.map(count)
  const best = Math.max(...counts)
  return items.filter((_, index) => counts[index] === best)
}
