import { PROBLEMS, ProblemError } from '@landfall/contract'
import type { ReactNode } from 'react'
import { contentSecurityPolicy, createNonce } from '../content-security-policy.ts'
import { answerInTime } from '../server/answer-in-time.ts'
import { logger } from '../server/logger.ts'
import { tenantOfRequest } from '../server/request-host.ts'
import { siteOfTenant } from '../site/find-site.ts'
import { AnswerPage, type AnswerPageProps } from './answer-page.tsx'
import { KeptWordsPage } from './kept-words-page.tsx'
import { preferredLocale } from './preferred-locale.ts'
import { type PlainPost, readPlainPost } from './read-plain-post.ts'
import { findPostedForm, type PlainPostRequest, submitPlainPost } from './submit-plain-post.ts'
import { UnreadPostPage } from './unread-post-page.tsx'

/** Page of the site that says thank you; reached by a redirect, so that a reload posts nothing. */
export const SENT_PATH = '/sent'

/** How far a post came: what its answer can show. */
interface Progress {
  post?: PlainPost
  page?: AnswerPageProps
}

/**
 * Takes a plain post and answers with a page. What was typed exists only in this request: it goes back to the visitor,
 * whatever happened to us.
 */
export async function answerPlainPost(posted: PlainPostRequest): Promise<Response> {
  const progress: Progress = {}
  try {
    return await answerInTime(takePlainPost(posted, progress))
  } catch (error) {
    if (!asksForPage(posted.request)) throw error
    const code = error instanceof ProblemError ? error.code : 'upstream_unavailable'
    const { status } = PROBLEMS[code]
    if (status >= 500) logger().error({ err: error, requestId: posted.requestId }, 'a plain post was not taken')
    return htmlAnswer(status, pageOfFailure(posted, progress, code))
  }
}

async function takePlainPost(posted: PlainPostRequest, progress: Progress): Promise<Response> {
  const post = await readPlainPost(posted.request)
  progress.post = post
  const context = { ...posted, tenantId: await tenantOfRequest(posted.request) }
  const definition = await findPostedForm(context, post)
  const site = await siteOfTenant(context.tenantId)
  if (!site) throw new ProblemError('unknown_site')
  const { submissionId, attribution, fields: values } = post
  const page = { site, definition, submissionId, attribution, values, problems: {} }
  progress.page = page
  const result = await submitPlainPost(context, definition, post)
  if (result.kind === 'stored') return new Response(null, { status: 303, headers: { location: SENT_PATH } })
  return htmlAnswer(422, <AnswerPage {...page} values={result.values} problems={result.problems} />)
}

function pageOfFailure({ request, formId }: PlainPostRequest, progress: Progress, code: ProblemError['code']) {
  const { page, post } = progress
  if (page) return <AnswerPage {...page} trouble={code === 'too_many_requests' ? 'busy' : 'failed'} />
  const locale = preferredLocale(request.headers.get('accept-language'))
  // What a page elsewhere posted is not offered for sending again: it would then come from here.
  if (!post || code === 'not_allowed') {
    const reason = code === 'too_large' ? 'tooLarge' : code === 'not_allowed' ? 'foreign' : 'unreadable'
    return <UnreadPostPage locale={locale} reason={reason} />
  }
  const reason = PROBLEMS[code].status === 404 ? 'missing' : 'failed'
  return <KeptWordsPage locale={locale} formId={formId} post={post} reason={reason} />
}

/** A program that posts gets its problems as data. */
const asksForPage = (request: Request) => request.headers.get('accept')?.includes('text/html') ?? false

async function htmlAnswer(status: number, page: ReactNode): Promise<Response> {
  // Next lets only a dynamic import of the renderer into a route handler.
  const { renderToStaticMarkup } = await import('react-dom/server')
  return new Response(`<!doctype html>${renderToStaticMarkup(page)}`, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(createNonce(), { isDevelopment: false }),
    },
  })
}
