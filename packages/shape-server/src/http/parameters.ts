import type { IncomingMessage } from 'node:http'
import { type Answer, JSON_TYPE } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { describeJsonError } from './json-syntax.ts'

/** Query parameters, those of a POST body included. */
export type Parameters = Record<string, string>

type ReadParameters = { isValid: true; parameters: Parameters } | { isValid: false; answer: Answer }

/** Named like parameters of the shape, but in a body they describe the subset. */
const SUBSET_NAMES = new Set(['where', 'params', 'order_by', 'limit', 'offset', 'where_expr', 'order_by_expr'])
const MAX_BODY_BYTES = 1_000_000

/** The parameters of a request: the query's, and over them those of a JSON body. */
export async function readParameters(request: IncomingMessage, query: Parameters): Promise<ReadParameters> {
  if (request.method !== 'POST') return { isValid: true, parameters: query }
  const text = await readBody(request)
  if (text === undefined) return refuse(413, { error: 'Request body is too large' })
  if (text.trim() === '') return { isValid: true, parameters: query }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return refuse(400, { error: 'Invalid JSON in request body', details: describeJsonError(text) ?? '' })
  }
  if (!isObject(body)) return refuse(400, { error: 'Request body must be a JSON object' })
  const { subset, ...rest } = body
  const parameters = { ...query }
  for (const [name, value] of Object.entries(rest)) {
    parameters[SUBSET_NAMES.has(name) ? `subset__${name}` : name] = asText(value)
  }
  if (isObject(subset))
    for (const [name, value] of Object.entries(subset)) parameters[`subset__${name}`] = asText(value)
  return { isValid: true, parameters }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function refuse(status: number, body: object): ReadParameters {
  const headers = { 'cache-control': CACHE_CONTROL.private, ...JSON_TYPE }
  return { isValid: false, answer: { status, headers, body: JSON.stringify(body) } }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
