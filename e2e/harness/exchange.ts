import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'

/** An answer that has arrived to its last byte. */
export interface WholeAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Asks the server in the name of a request, to the end, also when its sender is gone meanwhile. */
export function exchange({ method, url, headers }: IncomingMessage, body: Buffer, port: number): Promise<WholeAnswer> {
  const { 'transfer-encoding': _encoding, ...rest } = headers
  return new Promise((resolve, reject) => {
    const onward = request(
      { host: '127.0.0.1', port, method, path: url, headers: { ...rest, 'content-length': body.length } },
      async (answered) => {
        try {
          resolve({ status: answered.statusCode ?? 502, headers: answered.headers, body: await readBody(answered) })
        } catch (error) {
          reject(error)
        }
      },
    )
    onward.once('error', reject)
    onward.end(body)
  })
}
