import { request } from 'node:http'
import { demoTenants } from '@landfall/database/demo-tenants'
import type { DemoSite, ServerWorld } from './server-world.ts'

const cookies = new WeakMap<ServerWorld, Map<string, Promise<string>>>()

/** The session cookie of the site's demo owner; signed in once a stack. */
export function memberCookie(world: ServerWorld, site: DemoSite): Promise<string> {
  const known = cookies.get(world) ?? new Map<string, Promise<string>>()
  cookies.set(world, known)
  const cookie = known.get(site.slug) ?? signIn(world, site)
  known.set(site.slug, cookie)
  return cookie
}

function signIn({ port }: ServerWorld, { slug }: DemoSite): Promise<string> {
  const admin = demoTenants.find((tenant) => tenant.slug === slug)?.admin
  const host = `app.localhost:${port}`
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path: '/api/auth/sign-in/email',
        method: 'POST',
        headers: { host, origin: `http://${host}`, 'content-type': 'application/json' },
      },
      (incoming) => {
        incoming.resume()
        const cookie = (incoming.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
        if (cookie) resolve(cookie)
        else reject(new Error(`signing in was answered ${incoming.statusCode}`))
      },
    )
    outgoing.once('error', reject)
    outgoing.end(JSON.stringify({ email: admin?.email, password: admin?.password }))
  })
}
