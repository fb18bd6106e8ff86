import * as z from 'zod'

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ })

const schema = z.object({
  /** The app's login, landfall_app. */
  DATABASE_URL: postgresUrl,
  /** The owner of the same database, whom row-level security does not bind: it makes the tenants and looks behind them. */
  DATABASE_OWNER_URL: postgresUrl,
  ELECTRIC_URL: z.url({ protocol: /^https?$/ }),
  ELECTRIC_SECRET: z.string().optional(),
  /** Set by `--replace-demo`. */
  LANDFALL_E2E_REPLACE_DEMO: z.literal('1').optional(),
})
export type ExternalSettings = z.output<typeof schema>

/** Marks a run against a database and live updates that are not ours; set by `--external`. */
export const EXTERNAL_MARK = 'LANDFALL_E2E_EXTERNAL'

/** @throws Error that names every variable that is missing or wrong */
export function readExternalSettings(source: Record<string, string | undefined>): ExternalSettings {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return given[name] === undefined ? `  ${name} is missing` : `  ${name} is wrong: ${issue.message}`
  })
  throw new Error(`--external needs a database and an Electric of yours:\n${lines.join('\n')}`)
}
