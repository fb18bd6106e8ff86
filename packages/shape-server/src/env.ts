export interface Environment {
  databaseUrl: string
  port: number
  host: string
  secret: string | undefined
  allowShapeDeletion: boolean
}

export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
}

/** The only reader of the environment. Throws an EnvironmentError that names the variable. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const databaseUrl = variables.DATABASE_URL
  if (!databaseUrl) throw new EnvironmentError('DATABASE_URL is missing: the Postgres database to replicate from')
  const portText = variables.ELECTRIC_PORT || '3000'
  const port = Number(portText)
  if (!/^\d+$/.test(portText) || port > 65_535) throw new EnvironmentError(`ELECTRIC_PORT is not a port: ${portText}`)
  const secret = variables.ELECTRIC_SECRET || undefined
  if (!secret && variables.ELECTRIC_INSECURE !== 'true') {
    throw new EnvironmentError('ELECTRIC_SECRET is missing: set it, or ELECTRIC_INSECURE=true to serve anybody')
  }
  return {
    databaseUrl,
    port,
    host: variables.ELECTRIC_HOST || '127.0.0.1',
    secret,
    allowShapeDeletion: variables.ELECTRIC_ENABLE_SHAPE_DELETION === 'true',
  }
}
