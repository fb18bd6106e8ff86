import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { answerParent, childArgument } from './answer-parent.ts'

// The least that could tell many clients of a commit: holds their requests, and answers all of them when Postgres says so.

export interface BareFanOutTasks {
  url: { task: null; answer: string }
}

const { databaseUrl, channel } = childArgument() as { databaseUrl: string; channel: string }
const waiting = new Set<ServerResponse>()

const server = createServer((request, response) => {
  if (request.url?.includes('live=true')) waiting.add(response)
  else answer(response, '[]')
})

function answer(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'electric-handle': '1', 'electric-offset': '0_inf' })
  response.end(body)
}

async function start(): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  client.on('notification', ({ payload }) => {
    const released = [...waiting]
    waiting.clear()
    for (const response of released) answer(response, JSON.stringify([{ value: { sent: payload } }]))
  })
  await client.query(`LISTEN ${channel}`)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const url = start()
answerParent<BareFanOutTasks>({ url: () => url })
process.once('SIGTERM', () => process.exit(0))
