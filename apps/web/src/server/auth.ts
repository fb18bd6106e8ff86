import { randomUUID } from 'node:crypto'
import * as schema from '@landfall/database/schema'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { organization } from 'better-auth/plugins'
import { env } from '../env.ts'
import { databases } from './databases.ts'

function create() {
  const { APP_URL, BETTER_AUTH_SECRET } = env()
  return betterAuth({
    appName: 'Landfall',
    baseURL: APP_URL,
    basePath: '/api/auth',
    secret: BETTER_AUTH_SECRET,
    trustedOrigins: [APP_URL],
    database: drizzleAdapter(databases().auth, {
      provider: 'pg',
      schema: {
        user: schema.users,
        session: schema.sessions,
        account: schema.accounts,
        verification: schema.verifications,
        organization: schema.tenants,
        member: schema.members,
        invitation: schema.invitations,
      },
    }),
    // People are invited by their tenant; nobody signs up by themselves.
    emailAndPassword: { enabled: true, disableSignUp: true },
    plugins: [organization({ allowUserToCreateOrganization: false })],
    advanced: { database: { generateId: () => randomUUID() } },
    rateLimit: { enabled: true, customRules: { '/sign-in/email': { window: 60, max: 30 } } },
    telemetry: { enabled: false },
  })
}

const holder = globalThis as { landfallAuth?: ReturnType<typeof create> }

/** Sign-in. A tenant is better-auth's organisation. */
export function auth() {
  holder.landfallAuth ??= create()
  return holder.landfallAuth
}
