import { PROBLEMS, ProblemError } from '@landfall/contract'
import { contentSecurityPolicy, createNonce } from '../content-security-policy.ts'
import { logger } from '../server/logger.ts'
import { siteOfTenant } from '../site/find-site.ts'
import { AnswerPage, type AnswerPageProps } from './answer-page.tsx'
import { readPlainPost } from './read-plain-post.ts'
import { findPostedForm, type PlainPostContext, submitPlainPost } from './submit-plain-post.ts'

/** Page of the site that says thank you; reached by a redirect, so that a reload posts nothing. */
export const SENT_PATH = '/sent'

export async function answerPlainPost(context: PlainPostContext): Promise<Response> {
  const post = await readPlainPost(context.request)
  const definition = await findPostedForm(context, post)
  const site = await siteOfTenant(context.tenantId)
  if (!site) throw new ProblemError('unknown_site')
  const { submissionId, attribution, fields: values } = post
  const page = { site, definition, submissionId, attribution, values, problems: {} }
  try {
    const result = await submitPlainPost(context, definition, post)
    if (result.kind === 'stored') {
      return new Response(null, { status: 303, headers: { location: SENT_PATH } })
    }
    return htmlAnswer(422, { ...page, values: result.values, problems: result.problems })
  } catch (error) {
    // What was typed exists only in this request: it goes back to the visitor, whatever happened to us.
    const isBusy = error instanceof ProblemError && error.code === 'too_many_requests'
    if (!isBusy) logger().error({ err: error, requestId: context.requestId }, 'a plain post was not taken')
    const status = error instanceof ProblemError ? PROBLEMS[error.code].status : 503
    return htmlAnswer(status, { ...page, trouble: isBusy ? 'busy' : 'failed' })
  }
}

async function htmlAnswer(status: number, page: AnswerPageProps): Promise<Response> {
  // Next lets only a dynamic import of the renderer into a route handler.
  const { renderToStaticMarkup } = await import('react-dom/server')
  return new Response(`<!doctype html>${renderToStaticMarkup(<AnswerPage {...page} />)}`, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(createNonce(), { isDevelopment: false }),
    },
  })
}
