import type { FieldErrors } from '../shapes/definition-errors.ts'
import type { SubsetParameters } from '../shapes/subset-clauses.ts'
import type { Parameters } from './query.ts'

export type SubsetRequest = SubsetParameters

type ParsedSubset = { request: SubsetRequest | undefined; errors?: FieldErrors }

const NAMES = ['where', 'params', 'order_by', 'limit', 'offset'] as const

/** Reads `subset__where` and its siblings; without any of them there is no subset. */
export function parseSubset(parameters: Parameters): ParsedSubset {
  if (!NAMES.some((name) => parameters[`subset__${name}`])) return { request: undefined }
  const errors: FieldErrors = {}
  const value = (name: (typeof NAMES)[number]) => parameters[`subset__${name}`] || undefined
  const limit = parseCount(value('limit'))
  if (limit === 'invalid') errors.limit = ['is invalid']
  else if (limit !== undefined && limit <= 0) errors.limit = ['must be greater than 0']
  const offset = parseCount(value('offset'))
  if (offset === 'invalid') errors.offset = ['is invalid']
  else if (offset !== undefined && offset < 0) errors.offset = ['must be greater than or equal to 0']
  const params = parseNumberedParams(value('params'))
  if (!params) errors.params = ['is invalid']
  const orderBy = value('order_by')
  const isPaged = value('limit') !== undefined || value('offset') !== undefined
  if (isPaged && !orderBy) errors.order_by = ['order_by is required when limit or offset is present']
  if (Object.keys(errors).length > 0 || limit === 'invalid' || offset === 'invalid' || !params) {
    return { request: undefined, errors }
  }
  return { request: { where: value('where'), params, orderBy, limit, offset } }
}

function parseCount(text: string | undefined): number | 'invalid' | undefined {
  if (text === undefined) return undefined
  return /^-?\d{1,15}$/.test(text) ? Number(text) : 'invalid'
}

/** `{"1":"…","2":"…"}` */
function parseNumberedParams(text: string | undefined): string[] | undefined {
  if (text === undefined) return []
  let object: unknown
  try {
    object = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined
  const entries = Object.entries(object)
  const values = entries.map((_, index) => (object as Record<string, unknown>)[String(index + 1)])
  // `String` of an object or a list is nobody's value.
  return values.every((value) => ['string', 'number', 'boolean'].includes(typeof value))
    ? values.map(String)
    : undefined
}
