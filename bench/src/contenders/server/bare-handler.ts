import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort } from 'node:worker_threads'

/** The floor of HTTP: reads the body to its end and answers 204. Runs in a thread of its own, as the app has a process. */
const server = createServer((request, response) => {
  request.resume()
  request.once('end', () => response.writeHead(204).end())
})

server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port))
