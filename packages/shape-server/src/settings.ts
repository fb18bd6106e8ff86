import type { RequestLimits } from './http/request-limits.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'

/**
 * Everything that can be set from outside: a variable, a flag, or both. The variables are called as Electric calls them
 * where they mean the same. A `parse` throws a plain Error that says what the text should have been.
 */
export interface Setting<T> {
  variable: string
  flag?: string
  /** What stands behind the flag in the help; a flag without it takes no value. */
  value?: string
  help: string
  parse(text: string): T
}

const text = (value: string) => value

function flag(value: string): boolean {
  if (value === 'true' || value === '1') return true
  if (value === 'false' || value === '0') return false
  throw new Error('must be true or false')
}

function integer(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (/^\d{1,10}$/.test(value) && number >= least && number <= most) return number
    throw new Error(`must be a whole number from ${least} to ${most}`)
  }
}

function postgresUrl(value: string): string {
  const protocol = URL.canParse(value) ? new URL(value).protocol : undefined
  // The value has a password in it: it is never repeated.
  if (protocol !== 'postgresql:' && protocol !== 'postgres:') throw new Error('must be a postgresql:// address')
  return value
}

function logLevel(value: string): LogLevel {
  const wanted = value === 'warning' ? 'warn' : value
  const level = LOG_LEVELS.find((name) => name === wanted)
  if (!level) throw new Error('must be debug, info, warning or error')
  return level
}

/** `{"initial": 300, "existing": 10000}`; either may be left out. */
function requestLimits(value: string): Partial<RequestLimits> {
  const expectation = 'must be JSON like {"initial": 300, "existing": 10000}'
  let limits: unknown
  try {
    limits = JSON.parse(value)
  } catch {
    throw new Error(expectation)
  }
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits)) throw new Error(expectation)
  const entries = Object.entries(limits)
  const isLimit = ([name, count]: [string, unknown]) =>
    (name === 'initial' || name === 'existing') && Number.isSafeInteger(count) && Number(count) > 0
  if (!entries.every(isLimit)) throw new Error(expectation)
  return Object.fromEntries(entries)
}

/** Postgres allows these in the name of a slot, of which this is the end. */
function streamId(value: string): string {
  if (!/^[a-z0-9_]{1,40}$/.test(value)) throw new Error('must be 1 to 40 of a-z, 0-9 and _')
  return value
}

const setting = <T>(definition: Setting<T>): Setting<T> => definition

export const SETTINGS = {
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    flag: 'database-url',
    value: 'URL',
    help: 'the Postgres database to replicate from (required)',
    parse: postgresUrl,
  }),
  port: setting({
    variable: 'ELECTRIC_PORT',
    flag: 'port',
    value: 'PORT',
    help: 'where to listen; 0 is any free one (3000)',
    parse: integer(0, 65_535),
  }),
  host: setting({
    variable: 'ELECTRIC_HOST',
    flag: 'host',
    value: 'ADDRESS',
    help: 'address to listen on; :: is every one (127.0.0.1)',
    parse: text,
  }),
  secret: setting({
    variable: 'ELECTRIC_SECRET',
    flag: 'secret',
    value: 'TEXT',
    help: 'what every request for a shape must carry (required, or insecure)',
    parse: text,
  }),
  insecure: setting({
    variable: 'ELECTRIC_INSECURE',
    flag: 'insecure',
    help: 'serve everybody who reaches the port',
    parse: flag,
  }),
  storageDir: setting({
    variable: 'ELECTRIC_STORAGE_DIR',
    flag: 'storage-dir',
    value: 'FOLDER',
    help: 'where shapes outlive a restart (nowhere: clients fetch again)',
    parse: text,
  }),
  maxShapes: setting({
    variable: 'ELECTRIC_MAX_SHAPES',
    flag: 'max-shapes',
    value: 'COUNT',
    help: 'shapes that are kept; beyond it the least used one goes (5000)',
    parse: integer(1, 1_000_000),
  }),
  requestLimits: setting({
    variable: 'ELECTRIC_MAX_CONCURRENT_REQUESTS',
    help: 'JSON: requests in work before 503 ({"initial": 300, "existing": 10000})',
    parse: requestLimits,
  }),
  poolSize: setting({
    variable: 'ELECTRIC_DB_POOL_SIZE',
    help: 'connections for snapshots, subsets and the catalog (8)',
    parse: integer(2, 1_000),
  }),
  streamId: setting({
    variable: 'ELECTRIC_REPLICATION_STREAM_ID',
    help: 'end of the names of slot and publication',
    parse: streamId,
  }),
  allowShapeDeletion: setting({
    variable: 'ELECTRIC_ENABLE_INTEGRATION_TESTING',
    help: 'true: DELETE rotates a shape, for tests',
    parse: flag,
  }),
  logLevel: setting({
    variable: 'ELECTRIC_LOG_LEVEL',
    flag: 'log-level',
    value: 'LEVEL',
    help: 'debug, info, warning or error (info)',
    parse: logLevel,
  }),
}

/** What was set, by the names above. */
export type GivenSettings = {
  [Name in keyof typeof SETTINGS]?: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never
}
