import type { Collation } from '../catalog/collation.ts'
import { WhereError } from './where-error.ts'

/** Whether text is ordered by its bytes. Any other order is in libraries that JavaScript does not have. */
export function ordersByBytes({ provider, locale }: Collation): boolean {
  return provider === 'builtin' || (provider === 'libc' && (locale === 'C' || locale === 'POSIX'))
}

/** Throws a WhereError when the order of this collation is not known. */
export function requireByteOrder(collation: Collation): void {
  if (ordersByBytes(collation)) return
  throw new WhereError(
    `the order of text under the collation ${collation.locale} is not supported: write COLLATE "C" behind the text`,
  )
}

/** Throws a WhereError when texts may be equal that differ. */
export function requireDeterministic(collation: Collation): void {
  if (!collation.isDeterministic) {
    throw new WhereError(`the nondeterministic collation ${collation.locale} is not supported`)
  }
}

/** By code points, as UTF-8 sorts; JavaScript's own order differs beyond U+FFFF. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

export interface LetterCase {
  lower(text: string): string
  upper(text: string): string
}

/** Languages whose letters have capitals of their own. */
const OWN_CAPITALS = /^(tr|az|lt|el|hy|nl)(?![a-z])/i

/** Throws a WhereError when it is not known which letters are the capitals of which. */
export function letterCase({ provider, locale }: Collation): LetterCase {
  switch (provider) {
    case 'builtin':
      if (locale === 'C') return ASCII
      if (locale === 'C.UTF-8') return SIMPLE
      break
    case 'libc':
      if (locale === 'C' || locale === 'POSIX') return ASCII
      if (!OWN_CAPITALS.test(locale) && /utf-?8/i.test(locale)) return SIMPLE
      break
    case 'icu':
      if (!OWN_CAPITALS.test(locale)) return WHOLE
      break
  }
  throw new WhereError(`capitals under the collation ${locale} are not supported: write COLLATE "C" behind the text`)
}

const ASCII: LetterCase = {
  lower: (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  upper: (text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
}

/** One character for one, without regard to its neighbours: what Unicode calls simple case mapping. */
const SIMPLE: LetterCase = {
  lower: (text) => mapped(text, (character) => (character === 'İ' ? 'i' : single(character, character.toLowerCase()))),
  upper: (text) => mapped(text, (character) => iotaCapital(character) ?? single(character, character.toUpperCase())),
}

const WHOLE: LetterCase = { lower: (text) => text.toLowerCase(), upper: (text) => text.toUpperCase() }

const mapped = (text: string, map: (character: string) => string) => Array.from(text, map).join('')

/** `ß` has no single capital and stays. */
const single = (character: string, other: string) => (Array.from(other).length === 1 ? other : character)

/** Greek vowels with a small iota below have capitals with the iota beside, which JavaScript spells out as two. */
function iotaCapital(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x1f80 || code > 0x1ff3) return undefined
  if (code <= 0x1faf) return String.fromCodePoint(code | 8)
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? String.fromCodePoint(code + 9) : undefined
}
