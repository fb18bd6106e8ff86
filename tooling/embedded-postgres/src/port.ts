import { createServer } from 'node:net'

/** Whether nobody listens on this TCP port of the loopback address. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** The first free port of `preferred`, `preferred + 1`, …; 0 asks the system for any. */
export async function freePort(preferred = 0): Promise<number> {
  if (preferred === 0) return anyPort()
  for (let port = preferred; port < preferred + 50; port += 1) {
    // The site listens on all addresses, so a port taken on either is taken.
    if ((await isPortFree(port)) && (await isPortFree(port, '0.0.0.0'))) return port
  }
  throw new Error(`no free port between ${preferred} and ${preferred + 49}`)
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
