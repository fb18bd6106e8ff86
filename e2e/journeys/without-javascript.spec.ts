import { addresses } from '../harness/addresses.ts'
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

test('a form that cannot be found gets back everything typed, to be sent again', async ({ page, person, database }) => {
  const site = new SitePage(page)
  const { host } = new URL(site.origin)
  const fields = { lf_version: '99', name: person.name, email: person.email, job: 'leak', privacy: 'on' }
  const body = new URLSearchParams({ ...fields, message: 'It drips\non the <b>bed</b>' }).toString()
  const headers = { accept: 'text/html' }
  const attempts: [string, string, string][] = [
    ['a version to come', host, '/api/forms/f_acmeroof01'],
    ['no such form', host, '/api/forms/f_unknown0001'],
    ["another tenant's form", host, '/api/forms/f_lumendental01'],
    ['no such site', 'nobody.localhost', '/api/forms/f_acmeroof01'],
  ]
  for (const [what, at, path] of attempts) {
    const answer = await send(at, path, { headers, body })
    expect(answer.status, what).toBe(404)
    expect(answer.headers['content-type'], what).toContain('text/html')
    await page.setContent(answer.body)
    await expect(page.getByLabel('name'), what).toHaveValue(person.name)
    await expect(page.getByLabel('message'), what).toHaveValue('It drips\non the <b>bed</b>')
    await expect(page.locator('form'), what).toHaveAttribute('action', path)
    await expect(page.getByRole('button', { name: 'Send again' }), what).toBeVisible()
  }
  expect(await database.leadsOf(person.name)).toEqual([])
})

test('what was given back is taken when it is sent again', async ({ page, person, database }) => {
  const site = new SitePage(page)
  await page.goto(site.origin)
  await page.locator('input[name=lf_version]').evaluate((input: HTMLInputElement) => (input.value = '99'))
  await site.fill(person)
  await site.submit()
  await expect(page.getByRole('button', { name: 'Send again' })).toBeVisible()
  // As when the version is published a moment later.
  await page.locator('input[name=lf_version]').evaluate((input: HTMLInputElement) => (input.value = '1'))
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect(page).toHaveURL(`${site.origin}/sent`)
  expect(await database.leadsOf(person.name)).toMatchObject([{ values: { name: person.name } }])
})

test('a post that cannot be read gets a page that leads back', async ({ page, site }) => {
  const { host } = new URL(site.origin)
  const post = (body: unknown) => send(host, '/api/forms/f_acmeroof01', { headers: { accept: 'text/html' }, body })
  for (const [body, status] of [
    [{ name: 'x' }, 415],
    [`message=${'x'.repeat(70_000)}`, 413],
  ] as const) {
    const answer = await post(body)
    expect(answer.status).toBe(status)
    await page.setContent(answer.body)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your message was not sent')
    await expect(page.getByText('Go back with your browser')).toBeVisible()
  }
})

test('a program that posts gets its problems as data', async ({ site }) => {
  const { host } = new URL(site.origin)
  const refusals = [
    ['/api/forms/f_unknown0001', 'name=x', 404],
    ['/api/forms/f_lumendental01', 'name=x', 404],
    ['/api/forms/f_acmeroof01', { name: 'x' }, 415],
    ['/api/forms/f_acmeroof01', `message=${'x'.repeat(70_000)}`, 413],
  ] as const
  for (const [path, body, status] of refusals) {
    const answer = await send(host, path, { body })
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/problem+json')
  }
})

test('sign-in says that it needs JavaScript, and its form cannot put the password into an address', async ({
  page,
}) => {
  await page.goto(`${addresses().site('app')}/sign-in`)
  // Searching by text passes over what stands in a noscript.
  const notice = page.locator('noscript > p')
  await expect(notice).toBeVisible()
  await expect(notice).toHaveText('Signing in needs JavaScript. Please switch it on for this page.')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeDisabled()
  await expect(page.locator('form')).toHaveAttribute('method', 'post')
  // As a browser does that submits without the button.
  await page.getByLabel('Email').fill('owner@acme.test')
  await page.getByLabel('Password').fill('a secret')
  await page.locator('form').evaluate((form: HTMLFormElement) => form.submit())
  await page.waitForLoadState()
  expect(page.url()).not.toContain('secret')
})
