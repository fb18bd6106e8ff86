import { WhereEvaluationError } from './where-evaluation-error.ts'

type Part =
  | { kind: 'any-text' }
  | { kind: 'any-character' }
  | { kind: 'character'; value: string }
  /** An escape at the end of the pattern, which fails once it is reached. */
  | { kind: 'broken' }

/** `%` any text, `_` one character, a backslash takes the next character as it is. */
export function compileLikePattern(pattern: string): (text: string) => boolean {
  const parts = parsePattern(pattern)
  return (text) => matches(Array.from(text), parts)
}

function parsePattern(pattern: string): Part[] {
  const parts: Part[] = []
  const characters = Array.from(pattern)
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? ''
    if (character === '%') {
      if (parts.at(-1)?.kind !== 'any-text') parts.push({ kind: 'any-text' })
    } else if (character === '_') parts.push({ kind: 'any-character' })
    else if (character === '\\') {
      index += 1
      const next = characters[index]
      parts.push(next === undefined ? { kind: 'broken' } : { kind: 'character', value: next })
    } else parts.push({ kind: 'character', value: character })
  }
  return parts
}

/**
 * Goes back to the last `%` only: an earlier one would not find what the last cannot. Time grows with the product of
 * the two lengths at worst, never with a power.
 */
function matches(text: readonly string[], parts: readonly Part[]): boolean {
  let position = 0
  let part = 0
  let retry: { position: number; part: number } | undefined
  while (position < text.length) {
    const current = parts[part]
    if (current?.kind === 'any-text') {
      part += 1
      if (part === parts.length) return true
      retry = { position, part }
    } else if (current?.kind === 'broken') {
      throw new WhereEvaluationError('LIKE pattern must not end with escape character')
    } else if (current && (current.kind === 'any-character' || current.value === text[position])) {
      position += 1
      part += 1
    } else if (retry) {
      retry.position += 1
      position = retry.position
      part = retry.part
    } else return false
  }
  while (parts[part]?.kind === 'any-text') part += 1
  return part === parts.length
}

/** Rewrites a pattern with another escape character into one with the backslash; none at all for an empty escape. */
export function withBackslash(pattern: string, escapeCharacter: string): string {
  if (Array.from(escapeCharacter).length > 1) throw new WhereEvaluationError('invalid escape string')
  if (escapeCharacter === '\\') return pattern
  let result = ''
  let isEscaped = false
  for (const character of pattern) {
    if (character === escapeCharacter && !isEscaped) {
      result += '\\'
      isEscaped = true
    } else {
      result += character === '\\' && !isEscaped ? '\\\\' : character
      isEscaped = false
    }
  }
  return result
}
