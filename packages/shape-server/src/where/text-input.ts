import { type Decimal, parseDecimal } from './decimal.ts'
import { fitted } from './functions/integers.ts'
import type { SqlType } from './sql-type.ts'
import type { Value } from './value.ts'
import { WhereEvaluationError } from './where-evaluation-error.ts'

const NAMES: Record<string, string> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  float8: 'double precision',
}

/**
 * Reads a text as Postgres does in a cast; undefined for types whose input is too rich to be imitated. What Postgres
 * reads only in its newer versions (`0x1F`, `1_000`) fails here, which is never silent.
 */
export function textInput(type: SqlType): ((text: string) => Value) | undefined {
  const fail = (text: string): never => {
    throw new WhereEvaluationError(`invalid input syntax for type ${NAMES[type.id] ?? type.id}: "${text}"`)
  }
  if (type.kind === 'enum') {
    const labels = new Set(type.labels)
    return (text) => {
      if (labels.has(text)) return text
      throw new WhereEvaluationError(`invalid input value for enum ${type.sql}: "${text}"`)
    }
  }
  switch (type.id) {
    case 'int2':
    case 'int4':
    case 'int8': {
      const size = type.id === 'int2' ? 2 : type.id === 'int4' ? 4 : 8
      return (text) => {
        const digits = trimmed(text)
        if (!/^[+-]?\d+$/.test(digits)) return fail(text)
        const value = BigInt(digits.replace(/^\+/, ''))
        if (BigInt.asIntN(size * 8, value) === value) return fitted(value, size)
        throw new WhereEvaluationError(`value "${text}" is out of range for type ${NAMES[type.id]}`)
      }
    }
    case 'numeric':
      return (text) => readDecimal(trimmed(text)) ?? fail(text)
    case 'float8':
      return (text) => readFloat(trimmed(text)) ?? fail(text)
    case 'bool':
      return (text) => readBoolean(trimmed(text).toLowerCase()) ?? fail(text)
    case 'uuid':
      return (text) => readUuid(text) ?? fail(text)
    default:
      return undefined
  }
}

/** Blanks as C knows them. */
const trimmed = (text: string) => text.replace(/^[ \t\n\v\f\r]+/, '').replace(/[ \t\n\v\f\r]+$/, '')

const MAX_EXPONENT = 1_000

function readDecimal(text: string): Decimal | undefined {
  const special = /^([+-]?)(nan|infinity|inf)$/i.exec(text)
  if (special) {
    const [, sign, word = ''] = special
    if (word.toLowerCase() === 'nan') return sign === '' ? 'NaN' : undefined
    return sign === '-' ? '-Infinity' : 'Infinity'
  }
  const [, sign = '', number = '', exponent = '0'] = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i.exec(text) ?? []
  if (number === '' || Math.abs(Number(exponent)) > MAX_EXPONENT) return undefined
  const { digits, scale } = parseDecimal(number.replace(/\.$/, '').replace(/^\./, '0.')) as Exclude<Decimal, string>
  const places = scale - Number(exponent)
  const value = places >= 0 ? { digits, scale: places } : { digits: digits * 10n ** BigInt(-places), scale: 0 }
  return sign === '-' ? { ...value, digits: -value.digits } : value
}

function readFloat(text: string): number | undefined {
  if (/^[+-]?(infinity|inf)$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^nan$/i.test(text)) return Number.NaN
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(text.split(/e/i)[0] ?? ''))) {
    throw new WhereEvaluationError(`"${text}" is out of range for type double precision`)
  }
  return value
}

/** Any beginning of the words that fits only one of them. */
function readBoolean(text: string): boolean | undefined {
  if (text === '') return undefined
  if (text === '1' || text === 'on' || 'true'.startsWith(text) || 'yes'.startsWith(text)) return true
  if (text === '0' || text === 'of' || text === 'off' || 'false'.startsWith(text) || 'no'.startsWith(text)) return false
  return undefined
}

function readUuid(text: string): string | undefined {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1] ?? text
  if (!/^(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}$/i.test(inner)) return undefined
  const hex = inner.replaceAll('-', '').toLowerCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
