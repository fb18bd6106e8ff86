import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { cleanUp } from './clean-up.ts'

export interface StallingProxy {
  url: string
  /** From now on nothing gets through, and nothing is closed: as when a router has forgotten the connection. */
  stall(): void
  /** New connections get through; those that stalled never do. */
  heal(): void
}

export async function startStallingProxy(databaseUrl: string): Promise<StallingProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isStalled = false
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    if (isStalled) return
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    stall() {
      isStalled = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    heal() {
      isStalled = false
    },
  }
}
