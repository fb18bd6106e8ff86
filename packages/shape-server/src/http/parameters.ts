import type { IncomingMessage } from 'node:http'
import { InvalidRequestError } from '../shapes/definition-errors.ts'
import { type Answer, JSON_TYPE } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { describeJsonError } from './json-syntax.ts'
import { isStorable, NOT_TEXT, noParameters, type Parameters } from './query.ts'
import { readBody } from './request-body.ts'

type ReadParameters = { isValid: true; parameters: Parameters } | { isValid: false; answer: Answer }

/** Named like parameters of the shape, but in a body they describe the subset. */
const SUBSET_NAMES = new Set(['where', 'params', 'order_by', 'limit', 'offset', 'where_expr', 'order_by_expr'])

/** The parameters of a request: the query's, and over them those of a JSON body. Throws an InvalidRequestError. */
export async function readParameters(request: IncomingMessage, query: Parameters): Promise<ReadParameters> {
  if (request.method !== 'POST') return { isValid: true, parameters: query }
  const read = await readBody(request)
  switch (read.kind) {
    case 'too-large':
      // Part of the body may be unread, so the connection cannot go on.
      return refuse(413, { error: `Request body is larger than ${read.mostBytes} bytes` }, { connection: 'close' })
    case 'no-text':
      return refuse(400, { error: 'Request body is not UTF-8' })
    case 'text':
      return readJson(read.text, query)
  }
}

function readJson(text: string, query: Parameters): ReadParameters {
  if (text.trim() === '') return { isValid: true, parameters: query }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return refuse(400, { error: 'Invalid JSON in request body', details: describeJsonError(text) ?? '' })
  }
  if (!isObject(body)) return refuse(400, { error: 'Request body must be a JSON object' })
  const { subset, ...rest } = body
  const parameters = Object.assign(noParameters(), query)
  const take = (name: string, value: unknown) => {
    const asText = typeof value === 'string' ? value : JSON.stringify(value)
    if (!isStorable(name)) throw new InvalidRequestError({ body: [NOT_TEXT] })
    if (!isStorable(asText)) throw new InvalidRequestError(Object.fromEntries([[name, [NOT_TEXT]]]))
    parameters[name] = asText
  }
  for (const [name, value] of Object.entries(rest)) take(SUBSET_NAMES.has(name) ? `subset__${name}` : name, value)
  if (isObject(subset)) for (const [name, value] of Object.entries(subset)) take(`subset__${name}`, value)
  return { isValid: true, parameters }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function refuse(status: number, body: object, extra: Record<string, string> = {}): ReadParameters {
  const headers = { 'cache-control': CACHE_CONTROL.private, ...JSON_TYPE, ...extra }
  return { isValid: false, answer: { status, headers, body: JSON.stringify(body) } }
}
