import { randomUUID } from 'node:crypto'
import * as schema from '@landfall/database/schema'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { organization } from 'better-auth/plugins'
import { env } from '../env.ts'
import { CALLER_ADDRESS_HEADER, isCallerKnown } from './caller-address.ts'
import { currentRequestId } from './current-request.ts'
import { databases } from './databases.ts'
import { logger } from './logger.ts'
import { SignInLimit } from './sign-in-limit.ts'

const SIGN_IN_PATH = '/sign-in/email'

function create() {
  const { APP_URL, BETTER_AUTH_SECRET } = env()
  const signInLimit = new SignInLimit(databases().app.$client)
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
    advanced: {
      database: { generateId: () => randomUUID() },
      ipAddress: { ipAddressHeaders: [CALLER_ADDRESS_HEADER] },
    },
    rateLimit: {
      enabled: true,
      // Callers without an address share one count: one of them could lock out everybody. There, only the cost of
      // checking passwords is bounded, and guessing is by the account's own limit.
      customRules: {
        [SIGN_IN_PATH]: (request) => ({ window: 60, max: isCallerKnown(request) ? 30 : 300 }),
        '/**': (request, rule) => (isCallerKnown(request) ? rule : false),
      },
    },
    hooks: {
      before: createAuthMiddleware(async ({ path, body }) => {
        if (path !== SIGN_IN_PATH || typeof body?.email !== 'string') return
        const refused = await signInLimit.countAttempt(body.email)
        if (!refused) return
        throw new APIError(
          'TOO_MANY_REQUESTS',
          { message: 'Too many attempts. Please try again later.' },
          { 'retry-after': String(Math.ceil(refused.waitMs / 1_000)) },
        )
      }),
      after: createAuthMiddleware(async ({ path, body, context }) => {
        if (path === SIGN_IN_PATH && context.newSession) await signInLimit.forget(String(body.email))
      }),
    },
    // Its own log prints errors whole, and those of the database carry addresses.
    logger: {
      log: (level, message, ...details) =>
        logger()[level](
          { requestId: currentRequestId(), err: details.find((detail) => detail instanceof Error) },
          message,
        ),
    },
    telemetry: { enabled: false },
  })
}

const holder = globalThis as { landfallAuth?: ReturnType<typeof create> }

/** Sign-in. A tenant is better-auth's organisation. */
export function auth() {
  holder.landfallAuth ??= create()
  return holder.landfallAuth
}
