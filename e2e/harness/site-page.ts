import { expect, type Page } from '@playwright/test'
import { addresses } from './addresses.ts'

export interface Person {
  name: string
  email: string
  message: string
}

/** A visitor's way through the roofer's site. */
export class SitePage {
  readonly page: Page
  readonly origin: string

  constructor(page: Page, slug = 'acme', origin = addresses().site(slug)) {
    this.page = page
    this.origin = origin
  }

  /** Opens the site and waits until it can open again without a network. */
  async open(path = '/'): Promise<void> {
    await this.page.goto(this.origin + path)
    await this.page.locator('form.lf-form[data-ready]').waitFor()
    await this.untilOfflineReady()
  }

  async untilOfflineReady(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready
      const deadline = performance.now() + 15_000
      while (!navigator.serviceWorker.controller) {
        if (performance.now() > deadline) throw new Error('no service worker took over')
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
    })
  }

  async fill(person: Person): Promise<void> {
    const { page } = this
    await page.getByLabel('Your name').fill(person.name)
    await page.getByLabel('Email', { exact: false }).first().fill(person.email)
    await page.getByLabel('What is it about?').selectOption('leak')
    await page.getByLabel('What can you see', { exact: false }).fill(person.message)
    await page.getByRole('checkbox').check()
    await this.takeTimeToType()
  }

  /** A person needs more than a moment for a form, and the server counts who does not; no test waits for it. */
  async takeTimeToType(): Promise<void> {
    await this.page.evaluate(() => {
      const now = performance.now.bind(performance)
      performance.now = () => now() + 60_000
    })
  }

  submit(): Promise<void> {
    return this.page.getByRole('button', { name: 'Send to Acme Roofing' }).click()
  }

  get notice() {
    return this.page.locator('.lf-notice')
  }

  async send(person: Person): Promise<void> {
    await this.fill(person)
    await this.submit()
    await expect(this.notice).toBeVisible()
  }

  enquiry(leadId?: string) {
    return leadId ? this.page.locator(`.enq-item[data-lead="${leadId}"]`) : this.page.locator('.enq-item').first()
  }
}
