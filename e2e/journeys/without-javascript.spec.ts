import { send } from '../harness/raw-request.ts'
import { SitePage } from '../harness/site-page.ts'
import { expect, test } from '../harness/test.ts'

test.use({ javaScriptEnabled: false, serviceWorkers: 'block' })

test('the page is complete, and the form posts and gets an answer', async ({ page, person, database }) => {
  const site = new SitePage(page)
  await page.goto(`${site.origin}/?utm_source=flyer`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'What we do' })).toBeVisible()
  await site.fill(person)
  await site.submit()
  await expect(page).toHaveURL(`${site.origin}/sent`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('We have your message')
  expect(await database.leadsOf(person.name)).toMatchObject([{ attribution: { utm_source: 'flyer' } }])
})

test('going back and sending the same again is the same lead; other words are another', async ({
  page,
  person,
  database,
}) => {
  const site = new SitePage(page)
  await page.goto(site.origin)
  const submission = await page.locator('input[name=lf_submission]').getAttribute('value')
  const post = async (message: string) => {
    const fields = { lf_version: '1', lf_submission: submission ?? '', job: 'leak', privacy: 'on', message }
    const body = new URLSearchParams({ ...fields, name: person.name, email: person.email }).toString()
    return (await send(new URL(site.origin).host, '/api/forms/f_acmeroof01', { body })).status
  }
  expect(await post('first')).toBe(303)
  expect(await post('first')).toBe(303)
  expect(await database.leadsOf(person.name)).toHaveLength(1)
  expect(await post('second')).toBe(303)
  expect(await database.leadsOf(person.name)).toHaveLength(2)
})

test('a wrong field gets the form back with everything typed and the reason at the field', async ({
  page,
  person,
  database,
}) => {
  const site = new SitePage(page)
  await page.goto(site.origin)
  // Past the browser's own checks, as a browser without them would.
  const fields = {
    lf_version: '1',
    name: person.name,
    email: 'nobody',
    job: 'leak',
    message: '<script>alert(1)</script>',
  }
  const answer = await send(new URL(site.origin).host, '/api/forms/f_acmeroof01', {
    body: new URLSearchParams(fields).toString(),
  })
  expect(answer.status).toBe(422)
  await page.setContent(answer.body)
  await expect(page.getByLabel('Your name')).toHaveValue(person.name)
  await expect(page.getByLabel('Email', { exact: false }).first()).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText('it should look like name@example.com')).toBeVisible()
  await expect(page.getByText('We need your agreement')).toBeVisible()
  await expect(page.getByLabel('What can you see', { exact: false })).toHaveValue('<script>alert(1)</script>')
  expect(await database.leadsOf(person.name)).toEqual([])
})

test('a form that is not there, or not a form, is refused', async ({ site }) => {
  const { host } = new URL(site.origin)
  expect((await send(host, '/api/forms/f_unknown0001', { body: 'name=x' })).status).toBe(404)
  expect((await send(host, '/api/forms/f_lumendental01', { body: 'name=x' })).status).toBe(404)
  expect((await send(host, '/api/forms/f_acmeroof01', { body: { name: 'x' } })).status).toBe(415)
  expect((await send(host, '/api/forms/f_acmeroof01', { body: `message=${'x'.repeat(70_000)}` })).status).toBe(413)
})
