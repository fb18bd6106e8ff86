import { env } from 'node:process'
import * as z from 'zod'

const schema = z.object({
  LANDFALL_E2E_PORT: z.coerce.number(),
  LANDFALL_E2E_FAULTS: z.url(),
  LANDFALL_E2E_DATABASE: z.url(),
})

/** Where the running stack is; written by the global setup, read by every test process. */
export function addresses() {
  const read = schema.parse(env)
  return {
    port: read.LANDFALL_E2E_PORT,
    faultsUrl: read.LANDFALL_E2E_FAULTS,
    databaseUrl: read.LANDFALL_E2E_DATABASE,
    site: (slug: string) => `http://${slug}.localhost:${read.LANDFALL_E2E_PORT}`,
  }
}

export function publishAddresses(port: number, faultsUrl: string, databaseUrl: string): void {
  env.LANDFALL_E2E_PORT = String(port)
  env.LANDFALL_E2E_FAULTS = faultsUrl
  env.LANDFALL_E2E_DATABASE = databaseUrl
}
