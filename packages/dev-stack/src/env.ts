/** The only reader of `process.env` in this package. */
export const env = {
  all: process.env as Record<string, string>,
  /** Port that was asked for, or undefined to take 3000 or the next free one. */
  port: process.env.PORT ? Number(process.env.PORT) : undefined,
  dataDir: process.env.LANDFALL_DATA_DIR,
  /** A standalone server.js to run in place of `next start`: what an image runs. */
  webServer: process.env.LANDFALL_WEB_SERVER || undefined,
}
