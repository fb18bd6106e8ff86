import { sql } from 'drizzle-orm'
import { env } from '../env.ts'
import { databases } from './databases.ts'

type State = 'ok' | 'unavailable'

/** What the app needs, and whether it answers. */
export async function readiness(): Promise<{ database: State; shapes: State }> {
  const [database, shapes] = await Promise.allSettled([
    databases().app.execute(sql`SELECT 1`),
    fetch(new URL('/v1/health', env().ELECTRIC_URL), { signal: AbortSignal.timeout(2_000), cache: 'no-store' }),
  ])
  return {
    database: database.status === 'fulfilled' ? 'ok' : 'unavailable',
    shapes: shapes.status === 'fulfilled' && shapes.value.status === 200 ? 'ok' : 'unavailable',
  }
}
