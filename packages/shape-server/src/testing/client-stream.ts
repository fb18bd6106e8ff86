import { Shape, ShapeStream, type ShapeStreamOptions } from '@electric-sql/client'
import { cleanUp } from './harness.ts'

type Options = Partial<ShapeStreamOptions>

export interface SentRequest {
  query: URLSearchParams
  method: string
  status: number
}

/** Ends with the test; counts what was asked, so that a test can tell how a client got its rows. */
export function openStream(
  url: string,
  params: Record<string, string | string[] | Record<string, string>>,
  options: Options = {},
) {
  const aborter = new AbortController()
  cleanUp(async () => aborter.abort())
  const requests: SentRequest[] = []
  const { fetchClient = fetch, ...rest } = options
  const stream = new ShapeStream({
    url: `${url}/v1/shape`,
    params: { table: 'items', ...params },
    signal: aborter.signal,
    fetchClient: async (input, init) => {
      const response = await fetchClient(input, init)
      const { searchParams } = new URL(String(input))
      requests.push({ query: searchParams, method: init?.method ?? 'GET', status: response.status })
      return response
    },
    ...rest,
  })
  return { stream, requests }
}

export const follow = (...args: Parameters<typeof openStream>) => new Shape(openStream(...args).stream)

export const byId = (shape: Shape) => shape.currentRows.toSorted((a, b) => Number(a.id) - Number(b.id))
