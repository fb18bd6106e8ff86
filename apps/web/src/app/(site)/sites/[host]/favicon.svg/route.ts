import { findSite } from '#/site/find-site.ts'
import { tenantIcon } from '#/site/tenant-mark.tsx'

export async function GET(_request: Request, { params }: { params: Promise<{ host: string }> }): Promise<Response> {
  const site = await findSite((await params).host)
  if (!site) return new Response(null, { status: 404 })
  const { business, theme } = site.content
  const { accent, onAccent } = theme.light
  const body = tenantIcon({ initial: business.initial, corners: theme.corners, accent, onAccent })
  return new Response(body, {
    headers: { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' },
  })
}
