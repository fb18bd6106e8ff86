import { answerPlainPost } from '#/plain-post/answer-plain-post.tsx'
import { refuseAllMethodsBut, route } from '#/server/route.ts'

/** Takes the form of a browser without JavaScript and answers with a page. */
export const POST = route<{ formId: string }>((request, { params, requestId }) =>
  answerPlainPost({ request, requestId, formId: params.formId }),
)

export const { GET, PUT, PATCH, DELETE } = refuseAllMethodsBut('POST')
