import { asUnavailable } from '../store/errors.ts'

/**
 * The JSON of a value that is to be sent.
 *
 * @throws OutboxUnavailableError for functions and symbols, which JSON drops without a word, and for cycles
 */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value, refuseWhatIsNoData)
  } catch (error) {
    throw asUnavailable(new DOMException(String(error), 'DataCloneError'))
  }
}

function refuseWhatIsNoData(name: string, value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`${name} is no data`)
  return value
}
