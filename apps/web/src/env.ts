import { z } from 'zod'

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  APP_URL: z.url(),
  NEXT_PUBLIC_ROOT_DOMAIN: z.string().min(1),
  ELECTRIC_URL: z.url(),
  ELECTRIC_SECRET: z.string().optional(),
  BETTER_AUTH_SECRET: z.string().min(32),
  /** Addresses of proxies in front whose `X-Forwarded-For` is believed: how many hops, 0 for none. */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(5).default(0),
  /** Who reads the metrics brings it as a bearer; without it there are none to read. */
  METRICS_TOKEN: z.string().min(16).optional(),
  /** The proxy that ends TLS brings it when it asks for which hosts it may get certificates; without it nobody asks. */
  DOMAIN_CHECK_TOKEN: z.string().min(16).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** Every variable that the app reads. */
export const VARIABLES: readonly string[] = Object.keys(schema.shape)

export type Env = z.output<typeof schema>

export class MissingEnvironmentError extends Error {
  override name = 'MissingEnvironmentError'
}

let checked: Env | undefined

/** The app's settings; the only reader of `process.env`. Throws an error that names every variable that is wrong. */
export function env(): Env {
  checked ??= readEnv(process.env)
  return checked
}

export function readEnv(source: Record<string, string | undefined>): Env {
  // An empty variable, as a copied .env.example leaves it, counts as missing.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return given[name] === undefined ? `  ${name} is missing` : `  ${name} is wrong: ${issue.message}`
  })
  throw new MissingEnvironmentError(`The environment is not complete (see .env.example):\n${lines.join('\n')}`)
}

/** Ends a start that could not serve a single request, and says which variables are wrong. */
export function stopWithoutEnvironment(): void {
  try {
    env()
  } catch (error) {
    if (!(error instanceof MissingEnvironmentError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
