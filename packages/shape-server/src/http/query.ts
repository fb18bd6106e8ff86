import { type FieldErrors, InvalidRequestError } from '../shapes/definition-errors.ts'

/** Parameters by name, without a prototype: `__proto__` and `constructor` are names like any other. */
export type Parameters = Record<string, string>

export const noParameters = (): Parameters => Object.create(null)

/**
 * `a=1&b=2`, decoded. The last one of a name counts. Unlike URLSearchParams it lets nothing pass that is not text:
 * throws an InvalidRequestError that names the parameters, or `query` where the name itself is broken.
 */
export function parseQuery(query: string): Parameters {
  const parameters = noParameters()
  const errors = new Map<string, string>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const end = pair.indexOf('=')
    const name = decode(end < 0 ? pair : pair.slice(0, end))
    const value = end < 0 ? '' : decode(pair.slice(end + 1))
    if (name === undefined) errors.set('query', ENCODING)
    else if (value === undefined) errors.set(name, ENCODING)
    else parameters[name] = value
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (!isStorable(value)) errors.set(name, NOT_TEXT)
    if (!isStorable(name)) errors.set('query', NOT_TEXT)
  }
  if (errors.size > 0) throw new InvalidRequestError(fieldErrors(errors))
  return parameters
}

/** Text that Postgres can hold: no NUL, and no half of a surrogate pair, which JSON can express. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the very thing to look for
export const isStorable = (text: string) => !/[\u0000\p{Surrogate}]/u.test(text)

export const NOT_TEXT = 'must be text without null bytes'
const ENCODING = 'has invalid percent-encoding'

const fieldErrors = (errors: Map<string, string>): FieldErrors =>
  Object.fromEntries([...errors].map(([name, message]) => [name, [message]]))

/** Undefined when it is not the percent-encoding of UTF-8. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
