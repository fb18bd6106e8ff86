import { readiness } from '#/server/readiness.ts'
import { route } from '#/server/route.ts'

/** Whether the process can do its work: database and live updates answer. */
export const GET = route(async () => {
  const checks = await readiness()
  const isReady = Object.values(checks).every((state) => state === 'ok')
  return Response.json(checks, { status: isReady ? 200 : 503, headers: { 'cache-control': 'no-store' } })
})
