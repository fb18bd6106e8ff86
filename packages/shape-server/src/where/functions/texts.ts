import { compareBytes, letterCase, requireByteOrder, requireDeterministic } from '../collation-behaviour.ts'
import { compileLikePattern, withBackslash } from '../like-pattern.ts'
import {
  type Call,
  comparisons,
  type Implementation,
  type Implementations,
  inOrder,
  plain,
  refuse,
} from '../routine.ts'
import type { SqlType } from '../sql-type.ts'
import { textOutput } from '../text-output.ts'
import type { Value } from '../value.ts'
import { WhereEvaluationError } from '../where-evaluation-error.ts'
import { fitted } from './integers.ts'

/** Blanks at the end of a char(n) do not count when it is compared. */
export function unpadded(text: string): string {
  let end = text.length
  while (text[end - 1] === ' ') end -= 1
  return text.slice(0, end)
}

function textComparisons(prefix: (operator: string) => string, read: (text: string) => string): Implementations {
  const all = comparisons<string, string>(prefix, (a, b) => compareBytes(read(a), read(b)))
  const needsOrder = new Set(['lt', 'le', 'gt', 'ge'].map(prefix))
  return Object.fromEntries(
    Object.entries(all).map(([name, implementation]) => [
      name,
      (call: Call) => {
        requireDeterministic(call.collation())
        if (needsOrder.has(name)) requireByteOrder(call.collation())
        return implementation(call)
      },
    ]),
  )
}

const deterministic =
  (compute: (...args: never[]) => boolean | bigint | string): Implementation =>
  (call) => {
    requireDeterministic(call.collation())
    return compute
  }

/** A pattern that is the same for every row is taken apart once. */
function like(options: { ignoresCase: boolean; isNegated: boolean }): Implementation {
  return (call) => {
    const collation = call.collation()
    requireDeterministic(collation)
    const fold = options.ignoresCase ? letterCase(collation).lower : (text: string) => text
    let compiled: { pattern: string; test: (text: string) => boolean } | undefined
    return (text: string, pattern: string) => {
      if (compiled?.pattern !== pattern) compiled = { pattern, test: compileLikePattern(fold(pattern)) }
      return compiled.test(fold(text)) !== options.isNegated
    }
  }
}

const LIKES: Implementations = Object.fromEntries(
  ['text', 'bpchar'].flatMap((type) => [
    [`${type}like`, like({ ignoresCase: false, isNegated: false })],
    [`${type}nlike`, like({ ignoresCase: false, isNegated: true })],
    [`${type}iclike`, like({ ignoresCase: true, isNegated: false })],
    [`${type}icnlike`, like({ ignoresCase: true, isNegated: true })],
  ]),
)

/** From `start`, counted from 1, so many characters; what lies before the text counts, too. */
function substring(text: string, start: bigint, length?: bigint): string {
  if (length !== undefined && length < 0n) throw new WhereEvaluationError('negative substring length not allowed')
  const characters = Array.from(text)
  const from = start < 1n ? 0 : Number(start - 1n)
  const end = length === undefined ? characters.length : Number(start - 1n + length)
  return characters.slice(from, Math.max(from, end)).join('')
}

const SMALLEST_INTEGER = -2_147_483_648n

/** A negative count leaves out so many at the other end. */
function side(text: string, count: bigint, from: 'left' | 'right'): string {
  const characters = Array.from(text)
  // The one number that has no opposite stays what it is in Postgres.
  if (from === 'right' && count === SMALLEST_INTEGER) return text
  const kept = count < 0n ? Math.max(0, characters.length + Number(count)) : Math.min(Number(count), characters.length)
  return (from === 'left' ? characters.slice(0, kept) : characters.slice(characters.length - kept)).join('')
}

/** Takes away every character of the set, at one end or both. */
function trimmed(text: string, set: string, ends: { start: boolean; end: boolean }): string {
  const characters = Array.from(text)
  const unwanted = new Set(Array.from(set))
  let start = 0
  let end = characters.length
  while (ends.start && start < end && unwanted.has(characters[start] ?? '')) start += 1
  while (ends.end && end > start && unwanted.has(characters[end - 1] ?? '')) end -= 1
  return characters.slice(start, end).join('')
}

const BOTH = { start: true, end: true }
const START = { start: true, end: false }
const END = { start: false, end: true }

const characterCount = (text: string) => BigInt(Array.from(text).length)
function position(text: string, part: string): bigint {
  const index = text.indexOf(part)
  return index < 0 ? 0n : characterCount(text.slice(0, index)) + 1n
}

function casting(from: 'lower' | 'upper'): Implementation {
  return (call) => letterCase(call.collation())[from]
}

/** `text || anything`: the other side as a cast to text prints it. */
function concatenation(call: Call): (a: Value, b: Value) => Value {
  const [left, right] = call.types.map((type) => printer(type))
  return (a, b) => `${left?.(a)}${right?.(b)}`
}

function printer(type: SqlType): (value: Value) => string {
  if (type.id === 'bool') return String
  if (type.id === 'bpchar') return (value) => unpadded(value as string)
  return textOutput(type) ?? refuse(`|| is not supported with ${type.id}`)
}

/** Explicit casts to a length cut; only blanks are added. */
const cut = (text: string, length: bigint) => Array.from(text).slice(0, Number(length)).join('')
const padded = (text: string, length: bigint) => {
  const kept = cut(text, length)
  return kept + ' '.repeat(Number(length) - Array.from(kept).length)
}

export const TEXTS: Implementations = {
  ...textComparisons(
    (operator) => `text${operator === 'eq' || operator === 'ne' ? '' : '_'}${operator}`,
    (text) => text,
  ),
  ...textComparisons((operator) => `bpchar${operator}`, unpadded),
  ...LIKES,
  ...comparisons<string, string>((operator) => `uuid_${operator}`, inOrder),
  ...comparisons<string, string>((operator) => `bytea${operator}`, inOrder),
  like_escape: plain(withBackslash),
  lower: casting('lower'),
  upper: casting('upper'),
  textanycat: concatenation,
  anytextcat: concatenation,
  textcat: plain((a: string, b: string) => a + b),
  byteacat: plain((a: string, b: string) => a + b.slice(2)),
  textlen: plain(characterCount),
  bpcharlen: plain((text: string) => characterCount(unpadded(text))),
  textoctetlen: plain((text: string) => BigInt(Buffer.byteLength(text))),
  byteaoctetlen: plain((hex: string) => BigInt(hex.length / 2 - 1)),
  rtrim1: plain(unpadded),
  btrim: plain((text: string, set: string) => trimmed(text, set, BOTH)),
  btrim1: plain((text: string) => trimmed(text, ' ', BOTH)),
  ltrim: plain((text: string, set: string) => trimmed(text, set, START)),
  ltrim1: plain((text: string) => trimmed(text, ' ', START)),
  rtrim: plain((text: string, set: string) => trimmed(text, set, END)),
  text_substr: plain((text: string, start: bigint, length: bigint) => substring(text, start, fitted(length, 4))),
  text_substr_no_len: plain((text: string, start: bigint) => substring(text, start)),
  text_left: plain((text: string, count: bigint) => side(text, count, 'left')),
  text_right: plain((text: string, count: bigint) => side(text, count, 'right')),
  text_reverse: plain((text: string) => Array.from(text).reverse().join('')),
  text_starts_with: deterministic((text: string, start: string) => text.startsWith(start)),
  textpos: deterministic(position),
  replace_text: deterministic((text: string, from: string, to: string) =>
    from === '' ? text : text.replaceAll(from, () => to),
  ),
  varchar: plain((text: string, length: bigint) => cut(text, length)),
  bpchar: plain((text: string, length: bigint) => padded(text, length)),
  booltext: plain((value: boolean) => String(value)),
  ...comparisons<boolean, boolean>(
    (operator) => `bool${operator}`,
    (a, b) => Number(a) - Number(b),
  ),
}
