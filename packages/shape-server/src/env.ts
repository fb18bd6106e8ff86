import { parseArgs } from 'node:util'
import type { RequestLimits } from './http/request-limits.ts'
import type { LogLevel } from './log.ts'
import { type GivenSettings, SETTINGS, type Setting } from './settings.ts'

export interface Environment {
  databaseUrl: string
  port: number
  host: string
  secret: string | undefined
  storageDir: string | undefined
  maxShapes: number | undefined
  requestLimits: Partial<RequestLimits>
  poolSize: number | undefined
  streamId: string | undefined
  allowShapeDeletion: boolean
  logLevel: LogLevel
}

export type Invocation = { kind: 'serve'; environment: Environment } | { kind: 'help' } | { kind: 'version' }

/** The message names the flag or the variable, and never repeats a value that may be a secret. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
}

/** The only reader of arguments and environment; a flag wins over its variable. Throws an EnvironmentError. */
export function readInvocation(
  args: string[] = process.argv.slice(2),
  variables: NodeJS.ProcessEnv = process.env,
): Invocation {
  const flags = readFlags(args)
  if (flags.help) return { kind: 'help' }
  if (flags.version) return { kind: 'version' }
  const given: GivenSettings = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]) => [name, readSetting(setting, flags, variables)]),
  )
  const { databaseUrl, secret } = given
  if (!databaseUrl) {
    throw new EnvironmentError('DATABASE_URL (--database-url) is missing: the Postgres database to replicate from')
  }
  if (!secret && !given.insecure) {
    throw new EnvironmentError(
      'ELECTRIC_SECRET (--secret) is missing: set it, or ELECTRIC_INSECURE=true (--insecure) to serve anybody',
    )
  }
  return {
    kind: 'serve',
    environment: {
      databaseUrl,
      port: given.port ?? 3_000,
      host: given.host ?? '127.0.0.1',
      secret,
      storageDir: given.storageDir,
      maxShapes: given.maxShapes,
      requestLimits: given.requestLimits ?? {},
      poolSize: given.poolSize,
      streamId: given.streamId,
      allowShapeDeletion: given.allowShapeDeletion ?? false,
      logLevel: given.logLevel ?? 'info',
    },
  }
}

type Flags = Record<string, string | boolean | undefined>

function readFlags(args: string[]): Flags {
  const withFlag = Object.values(SETTINGS).filter(({ flag }) => flag !== undefined)
  const options = Object.fromEntries(
    withFlag.map(({ flag, value }) => [flag ?? '', { type: value ? ('string' as const) : ('boolean' as const) }]),
  )
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...options,
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    })
    return values as Flags
  } catch (error) {
    throw new EnvironmentError(error instanceof Error ? error.message : String(error))
  }
}

/** An empty variable counts as none: it is how compose files leave one out. */
function readSetting(setting: Setting<unknown>, flags: Flags, variables: NodeJS.ProcessEnv): unknown {
  const flag = setting.flag === undefined ? undefined : flags[setting.flag]
  const value = flag ?? (variables[setting.variable] || undefined)
  if (value === undefined) return undefined
  const name = flag === undefined ? setting.variable : `--${setting.flag}`
  try {
    return setting.parse(String(value))
  } catch (error) {
    throw new EnvironmentError(`${name} ${error instanceof Error ? error.message : error}`)
  }
}
