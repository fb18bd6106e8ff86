import { beforeAll, expect, test, vi } from 'vitest'
import { answerPlainPost } from './answer-plain-post.tsx'

const typed = {
  lf_version: '1',
  lf_submission: '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a',
  lf_at_utm_source: 'flyer',
  name: 'Ada',
  message: '\n<b>It drips</b>\non the bed',
  job: '',
}
const HOST = 'acme.localhost:3000'

// Nothing listens there: the database is away.
beforeAll(() => {
  const settings = {
    DATABASE_URL: 'postgresql://landfall_app:x@127.0.0.1:1/landfall',
    APP_URL: 'http://app.localhost:3000',
    NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
    ELECTRIC_URL: 'http://127.0.0.1:1',
    BETTER_AUTH_SECRET: 'x'.repeat(32),
    LOG_LEVEL: 'silent',
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
})

function post(body: BodyInit, headers: Record<string, string> = {}) {
  const request = new Request(`http://${HOST}/api/forms/f_acmeroof01`, {
    method: 'POST',
    body,
    headers: { host: HOST, accept: 'text/html,*/*;q=0.8', ...headers },
  })
  return answerPlainPost({ request, requestId: 'request-1', formId: 'f_acmeroof01' })
}

test('with the database away, everything typed comes back, ready to be sent again', async () => {
  const answer = await post(new URLSearchParams(typed))
  expect(answer.status).toBe(503)
  expect(answer.headers.get('content-type')).toContain('text/html')
  const page = await answer.text()
  expect(page).toContain('action="/api/forms/f_acmeroof01"')
  for (const name of ['lf_version', 'lf_submission', 'lf_at_utm_source'] as const) {
    expect(page).toContain(`name="${name}" value="${typed[name]}"`)
  }
  expect(page).toContain('>Ada</textarea>')
  // The parser drops the first line break of a textarea.
  expect(page).toContain('>\n\n&lt;b&gt;It drips&lt;/b&gt;\non the bed</textarea>')
  expect(page).toContain('<input type="hidden" name="job" value=""/>')
  expect(page).toContain('Send again')
})

test('the page speaks the language that the browser asks for', async () => {
  const answer = await post(new URLSearchParams(typed), { 'accept-language': 'fr, ar-EG;q=0.9, en;q=0.5' })
  expect(await answer.text()).toContain('<html lang="ar" dir="rtl">')
})

test.each([
  ['too large', 'x'.repeat(70_000), 'application/x-www-form-urlencoded', 413, 'longer than we can take'],
  ['of another type', '{}', 'application/json', 415, 'could not be read as a form'],
  ['a broken multipart', 'x', 'multipart/form-data; boundary=y', 400, 'could not be read as a form'],
])('a post that is %s gets a page that leads back', async (_, body, type, status, words) => {
  const answer = await post(body, { 'content-type': type })
  expect(answer.status).toBe(status)
  const page = await answer.text()
  expect(page).toContain(words)
  expect(page).toContain('Go back')
})

test('what a page elsewhere posted is not made ready to be sent from here', async () => {
  const answer = await post(new URLSearchParams(typed), { origin: 'http://evil.test' })
  expect(answer.status).toBe(403)
  expect(await answer.text()).not.toContain('<form')
})

test('a program gets the problem as data', async () => {
  await expect(post(new URLSearchParams(typed), { accept: '*/*' })).rejects.toThrow()
  await expect(post('{}', { accept: 'application/json', 'content-type': 'application/json' })).rejects.toMatchObject({
    code: 'wrong_content_type',
  })
})
