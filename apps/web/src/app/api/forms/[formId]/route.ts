import { answerPlainPost } from '#/plain-post/answer-plain-post.tsx'
import { tenantOfRequest } from '#/server/request-host.ts'
import { route } from '#/server/route.ts'

/** Takes the form of a browser without JavaScript and answers with a page. */
export const POST = route<{ formId: string }>(async (request, { params, requestId }) =>
  answerPlainPost({ request, requestId, tenantId: await tenantOfRequest(request), formId: params.formId }),
)
