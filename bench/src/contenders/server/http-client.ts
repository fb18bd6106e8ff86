import { Agent, request } from 'node:http'
import { TENANT_SLUG } from '../../sample/lead.ts'
import { BATCH_PATH, batchRequest } from '../../sample/request.ts'
import type { ServerClient } from './server-contender.ts'

/** Posts batches on one connection that is kept open. */
export function openHttpClient(port: number, expects: 'outcomes' | '204'): ServerClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    async send(device, operations, poisoned) {
      const { method, headers, body } = batchRequest(device, operations)
      const answer = await post(agent, port, method, headers, body)
      if (expects === '204') {
        if (answer.status !== 204) throw new Error(`the bare handler answered ${answer.status}`)
        return
      }
      // Told apart without parsing: the load shares its processors with the server.
      const applied = answer.text.split('"outcome":"applied"').length - 1
      if (answer.status !== 200 || applied !== operations.length - poisoned) {
        throw new Error(`the app answered ${answer.status}, ${applied} applied: ${answer.text.slice(0, 600)}`)
      }
    },
    close: async () => agent.destroy(),
  }
}

function post(
  agent: Agent,
  port: number,
  method: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const host = `${TENANT_SLUG}.localhost:${port}`
    const length = Buffer.byteLength(body)
    const outgoing = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method,
        path: BATCH_PATH,
        headers: { ...headers, host, 'content-length': length },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.once('end', () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        )
        incoming.once('error', reject)
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}
