import { ProblemError } from '@landfall/contract'
import { isJsonWithinDepth } from './json-depth.ts'
import { type ReadLimits, readBytes } from './read-bytes.ts'

export interface BodyLimits extends ReadLimits {
  /** How deep arrays and objects may nest. */
  maxDepth: number
}

/** Reads a JSON body and stops at the limits while reading: what is refused is never held whole, nor built. */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<unknown> {
  const contentType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (contentType !== 'application/json') {
    throw new ProblemError('wrong_content_type', 'Send the body as application/json.')
  }
  const bytes = await readBytes(request, limits)
  if (!isJsonWithinDepth(bytes, limits.maxDepth)) {
    throw new ProblemError('malformed_request', `The body nests deeper than ${limits.maxDepth} levels.`)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new ProblemError('malformed_request', 'The body is not JSON in UTF-8.', { cause })
  }
}
