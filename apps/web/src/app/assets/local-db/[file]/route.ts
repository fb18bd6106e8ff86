import { ProblemError } from '@landfall/contract'
import { readLocalDbAsset } from '@landfall/local-db/assets'
import { workerSecurityPolicy } from '#/content-security-policy.ts'
import { route } from '#/server/route.ts'

/** The local database's files, compressed when they were built. */
export const GET = route<{ file: string }>(async (request, { params }) => {
  const asset = await readLocalDbAsset(params.file, request.headers.get('accept-encoding'))
  if (!asset) throw new ProblemError('not_found')
  // A worker has a policy of its own, from its own answer.
  return new Response(asset.body, { headers: { ...asset.headers, 'content-security-policy': workerSecurityPolicy() } })
})
