import { ProblemError } from '@landfall/contract'
import { AssetsNotBuiltError, LocalSchemaQueryError, localSchemaAnswer } from '@landfall/local-db/assets'

/** Answers a worker that asks about the schema of its database: packages/local-db/SPEC.md. */
export async function answerLocalSchema(request: Request): Promise<Response> {
  const { body, etag } = await localSchemaAnswer(new URL(request.url).searchParams).catch((cause: unknown) => {
    throw asProblem(cause)
  })
  // Kept, and asked about each time: most answers are that nothing has changed.
  const headers = { etag, 'cache-control': 'no-cache' }
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  if (known.some((tag) => tag.trim().replace(/^W\//, '') === etag)) return new Response(null, { status: 304, headers })
  return Response.json(body, { headers })
}

function asProblem(cause: unknown): unknown {
  if (cause instanceof LocalSchemaQueryError) return new ProblemError('malformed_request', cause.message)
  if (cause instanceof AssetsNotBuiltError)
    return new ProblemError('upstream_unavailable', 'The local database is not built.', { cause })
  return cause
}
