import { env } from '../env.ts'

/** The address as we found it, for code that reads it from a header. Never taken from outside. */
export const CALLER_ADDRESS_HEADER = 'x-landfall-address'

const UNKNOWN_ADDRESS = 'unknown'

/**
 * Network address of the caller as the outermost of our own proxies saw it. Each proxy adds its caller on the right of
 * `X-Forwarded-For`; what stands further left is what the caller wrote itself. Without a trusted proxy nothing of it is
 * known.
 */
export function addressOfRequest(request: Request, trustedHops = env().TRUSTED_PROXY_HOPS): string {
  if (trustedHops === 0) return UNKNOWN_ADDRESS
  const forwarded = request.headers.get('x-forwarded-for')?.split(',') ?? []
  return forwarded.at(-trustedHops)?.trim() || UNKNOWN_ADDRESS
}

/** The same request, with the caller's address in a header of ours, or without that header when it is not known. */
export function withCallerAddress(request: Request, trustedHops = env().TRUSTED_PROXY_HOPS): Request {
  const headers = new Headers(request.headers)
  headers.delete(CALLER_ADDRESS_HEADER)
  const address = addressOfRequest(request, trustedHops)
  if (address !== UNKNOWN_ADDRESS) headers.set(CALLER_ADDRESS_HEADER, address)
  const { url, method, body, signal } = request
  // From its parts: Next hands over a proxy of a Request, which the constructor does not take for one.
  return new Request(url, { method, headers, body, signal, ...(body ? { duplex: 'half' } : {}) } as RequestInit)
}

export const isCallerKnown = (request: Request): boolean => request.headers.has(CALLER_ADDRESS_HEADER)
