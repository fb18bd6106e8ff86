import * as z from 'zod'

/** Everything a route handler refuses, as RFC 9457 problem details. `status` is the HTTP status. */
export const PROBLEMS = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  not_signed_in: { status: 401, title: 'Sign in first' },
  device_not_proven: { status: 401, title: 'This device has not proven who it is' },
  not_allowed: { status: 403, title: 'This is not yours to do' },
  unknown_site: { status: 404, title: 'There is no site at this address' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here' },
  too_slow: { status: 408, title: 'The request did not arrive in time' },
  too_large: { status: 413, title: 'The request is too large' },
  address_too_long: { status: 414, title: 'The address is too long' },
  wrong_content_type: { status: 415, title: 'The content type is not accepted here' },
  unsupported_protocol: { status: 422, title: 'This version of the protocol is not spoken here' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  server_error: { status: 500, title: 'Something went wrong on our side' },
  upstream_unavailable: { status: 503, title: 'A service we need is not available' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof PROBLEMS

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

export const problemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  requestId: z.string(),
})
export type ProblemDetails = z.output<typeof problemDetails>

/** A request that is refused as a whole. What reaches the caller is the code's title and `detail`. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly retryAfterMs: number | undefined
  /** Of the answer, beside those that every problem has. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    detail?: string,
    options: { retryAfterMs?: number; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail ?? PROBLEMS[code].title, { cause: options.cause })
    this.code = code
    this.detail = detail
    this.retryAfterMs = options.retryAfterMs
    this.headers = options.headers ?? {}
  }
}
