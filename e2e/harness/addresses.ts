import { env } from 'node:process'
import * as z from 'zod'
import { EXTERNAL_MARK } from './external/settings.ts'

const schema = z.object({
  LANDFALL_E2E_PORT: z.coerce.number(),
  LANDFALL_E2E_FAULTS: z.url(),
  LANDFALL_E2E_DATABASE: z.url(),
  LANDFALL_E2E_BACKEND: z.string().transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
})

/** Where the running stack is; written by the global setup, read by every test process. */
export function addresses() {
  const read = schema.parse(env)
  return {
    port: read.LANDFALL_E2E_PORT,
    faultsUrl: read.LANDFALL_E2E_FAULTS,
    databaseUrl: read.LANDFALL_E2E_DATABASE,
    /** Environment of a further site on the same backend. */
    backendEnv: read.LANDFALL_E2E_BACKEND,
    /** Database and live updates are somebody's: they can be used, not stopped. */
    isExternal: env[EXTERNAL_MARK] === '1',
    site: (slug: string) => `http://${slug}.localhost:${read.LANDFALL_E2E_PORT}`,
  }
}

export interface StackAddresses {
  port: number
  faultsUrl: string
  databaseUrl: string
  backendEnv: Record<string, string>
}

export function publishAddresses({ port, faultsUrl, databaseUrl, backendEnv }: StackAddresses): void {
  env.LANDFALL_E2E_PORT = String(port)
  env.LANDFALL_E2E_FAULTS = faultsUrl
  env.LANDFALL_E2E_DATABASE = databaseUrl
  env.LANDFALL_E2E_BACKEND = JSON.stringify(backendEnv)
}
