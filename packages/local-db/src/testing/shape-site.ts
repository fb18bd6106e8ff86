import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RouteHandler } from './test-site.ts'

export interface ShapeSite {
  url(path: string): string
  close(): Promise<void>
}

/** Serves shapes to a follower in Node, without a browser around it. */
export async function startShapeSite(routes: Record<string, () => RouteHandler>): Promise<ShapeSite> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const route = routes[url.pathname]?.()
    if (!route) return response.writeHead(404).end()
    return route(request, url, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
