/** What `pnpm db:migrate` is told. */
export interface MigrationSettings {
  /** Of the role that owns the tables. */
  ownerUrl: string
  /** Gives the app's role this password; where an operator makes the login, undefined. */
  appPassword: string | undefined
  /** Makes Electric's role and publication, with this password. */
  electricPassword: string | undefined
  /** How long a database that does not answer yet is waited for. */
  waitMs: number
}

const NAMES = [
  'DATABASE_OWNER_URL',
  'APP_DATABASE_PASSWORD',
  'ELECTRIC_DATABASE_PASSWORD',
  'DATABASE_WAIT_SECONDS',
] as const
/** Every variable that this package reads. */
export const MIGRATION_VARIABLES: readonly string[] = NAMES

/** @throws Error that names the variable */
export function readMigrationSettings(source: Record<string, string | undefined>): MigrationSettings {
  // An empty variable, as a copied .env.example leaves it, counts as missing.
  const given = (name: (typeof NAMES)[number]) => source[name] || undefined
  const ownerUrl = given('DATABASE_OWNER_URL')
  if (ownerUrl === undefined) {
    throw new Error('DATABASE_OWNER_URL is missing: the connection string of the role that owns the tables.')
  }
  if (!/^postgres(ql)?:\/\//.test(ownerUrl))
    throw new Error('DATABASE_OWNER_URL is wrong: it is not a postgres:// URL.')
  const waitSeconds = Number(given('DATABASE_WAIT_SECONDS') ?? 0)
  if (!(waitSeconds >= 0)) throw new Error('DATABASE_WAIT_SECONDS is wrong: it is not a number of seconds.')
  return {
    ownerUrl,
    appPassword: given('APP_DATABASE_PASSWORD'),
    electricPassword: given('ELECTRIC_DATABASE_PASSWORD'),
    waitMs: waitSeconds * 1_000,
  }
}

/** The only reader of `process.env` in this package. */
export const migrationSettings = (): MigrationSettings => readMigrationSettings(process.env)
