import { addresses } from '../harness/addresses.ts'
import { test } from './stage.ts'

const sites = [
  { slug: 'acme', name: 'site-roofer' },
  { slug: 'lumen', name: 'site-dentist' },
  { slug: 'jusoor', name: 'site-language-school-arabic' },
] as const

for (const { slug, name } of sites) {
  test(`the site of ${slug}`, async ({ page, camera }) => {
    await page.goto(addresses().site(slug))
    await page.locator('form.lf-form[data-ready]').waitFor()
    await camera.window(page, `${name}-top`)
    await camera.part(page.locator('#contact'), `${name}-contact`, 0)
    await camera.whole(page, `${name}-whole`)
  })

  test(`pages of ${slug} beside the first`, async ({ page, camera }) => {
    const site = addresses().site(slug)
    await page.goto(`${site}/nothing-here`)
    await camera.window(page, `${name}-page-missing`)
    await page.goto(`${site}/offline`)
    await camera.window(page, `${name}-offline-page`)
    await page.goto(`${site}/sent`)
    await camera.window(page, `${name}-plain-post-taken`)
  })
}

test('the landing page, and a host that has no site', async ({ page, camera }) => {
  const nobody = addresses().site('nobody')
  await page.goto(nobody.replace('nobody.', ''))
  await camera.window(page, 'landing-top')
  await camera.whole(page, 'landing-whole')
  await page.goto(nobody)
  await camera.window(page, 'host-without-site')
})
