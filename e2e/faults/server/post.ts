import { request } from 'node:http'

export interface Posted {
  /** 0 when the connection broke before an answer. */
  status: number
  headers: Record<string, string>
  text: string
}

/** One request to the stack as any client may send it; a connection that breaks is an answer of status 0. */
export function post(
  port: number,
  host: string,
  path: string,
  { headers = {}, body, method = 'POST' }: { headers?: Record<string, string>; body?: string; method?: string },
): Promise<Posted> {
  return new Promise((resolve) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, method, headers: { host, 'content-type': 'application/json', ...headers } },
      async (incoming) => {
        let text = ''
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        )
        try {
          for await (const chunk of incoming) text += chunk
          resolve({ status: incoming.statusCode ?? 0, headers, text })
        } catch {
          resolve({ status: 0, headers, text })
        }
      },
    )
    outgoing.once('error', () => resolve({ status: 0, headers: {}, text: '' }))
    outgoing.end(body)
  })
}
