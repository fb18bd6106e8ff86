import { request as httpRequest } from 'node:http'
import { addresses } from './addresses.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** A request with any Host and headers, as an attacker's own client sends it. A string is sent as a form. */
export function send(
  host: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: unknown; port?: number } = {},
): Promise<Answer> {
  const isForm = typeof options.body === 'string'
  const body = isForm ? (options.body as string) : options.body === undefined ? undefined : JSON.stringify(options.body)
  const contentType = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port: options.port ?? addresses().port,
        path,
        method: options.method ?? (body ? 'POST' : 'GET'),
        headers: { host, ...(body ? { 'content-type': contentType } : {}), ...options.headers },
      },
      async (incoming) => {
        let text = ''
        for await (const chunk of incoming) text += chunk
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text })
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
