import { ProblemError } from '@landfall/contract'

export interface BodyLimits {
  /** Bytes as they arrive. */
  maxBytes: number
  /** How deep arrays and objects may nest. */
  maxDepth: number
}

/** Reads a JSON body and stops at the limit while reading: what is refused is never held whole. */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<unknown> {
  const contentType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (contentType !== 'application/json') {
    throw new ProblemError('wrong_content_type', 'Send the body as application/json.')
  }
  const text = new TextDecoder('utf-8', { fatal: true })
  const bytes = await readBytes(request, limits.maxBytes)
  let value: unknown
  try {
    value = JSON.parse(text.decode(bytes))
  } catch (cause) {
    throw new ProblemError('malformed_request', 'The body is not JSON in UTF-8.', { cause })
  }
  if (!isWithinDepth(value, limits.maxDepth)) {
    throw new ProblemError('malformed_request', `The body nests deeper than ${limits.maxDepth} levels.`)
  }
  return value
}

/** Bytes of a body of at most `maxBytes`, else the problem `too_large`. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = new ProblemError('too_large', `The body may have ${maxBytes} bytes at most.`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  if (!reader) return new Uint8Array()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks, size)
    size += value.byteLength
    if (size > maxBytes) {
      await reader.cancel()
      throw tooLarge
    }
    chunks.push(value)
  }
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  return Object.values(value).every((child) => isWithinDepth(child, depth - 1))
}
